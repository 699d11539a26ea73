/** The command line: one class per command, no numerics. */
package radedit.cli;
