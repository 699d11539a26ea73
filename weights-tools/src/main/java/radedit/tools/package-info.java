/** Tools for checkpoints: making synthetic ones. */
package radedit.tools;
