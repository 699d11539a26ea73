/**
 * Brings checkpoints from the Hugging Face hub into the cache that huggingface_hub uses too, and puts models together.
 * What a server says is never trusted: names, sizes and hashes are checked before anything is done with them.
 */
package radedit.tools.hub;
