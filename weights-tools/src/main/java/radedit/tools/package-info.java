/** Tools for checkpoints: listing, checking and converting them. */
package radedit.tools;
