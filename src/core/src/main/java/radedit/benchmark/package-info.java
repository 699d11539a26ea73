/** How long networks and whole requests take. */
package radedit.benchmark;
