/** Measures the run time of networks and whole requests. */
package radedit.benchmark;
