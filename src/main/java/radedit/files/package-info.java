/** Files that appear whole, and I/O errors in sentences; imports nothing of the project. */
package radedit.files;
