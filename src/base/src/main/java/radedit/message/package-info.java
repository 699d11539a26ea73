/** Messages that name settings, and their exceptions; imports nothing of the project. */
package radedit.message;
