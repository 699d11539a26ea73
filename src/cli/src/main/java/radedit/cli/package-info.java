/** The command line: one class a command, no numerics. */
package radedit.cli;
