/** Messages that name settings, and what throws them; imports nothing of the project. */
package radedit.message;
