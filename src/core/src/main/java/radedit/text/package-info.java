/** Text to token ids; imports nothing of the project. */
package radedit.text;
