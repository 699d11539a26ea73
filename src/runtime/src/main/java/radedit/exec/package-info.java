/** The interface of backends, how they are found, and code and threads that they share. */
package radedit.exec;
