/** Tools for checkpoints: listing, checking and converting them, and making synthetic ones. */
package radedit.tools;
