/** What a backend is, how one is found, and the threads they share. */
package radedit.exec;
