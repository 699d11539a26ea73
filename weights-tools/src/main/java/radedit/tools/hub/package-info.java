/**
 * Fetches checkpoints from the Hugging Face hub into the cache that it shares with huggingface_hub, and assembles models.
 * Servers are not trusted: names, sizes and hashes are checked before use.
 */
@NullMarked
package radedit.tools.hub;

import org.jspecify.annotations.NullMarked;
