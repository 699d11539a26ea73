/** Folders of models and their parts, models with names, and the demo model. */
package radedit.checkpoint;
