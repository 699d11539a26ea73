/** Folders of models and their parts, models with names, and the demo model. */
@NullMarked
package radedit.checkpoint;

import org.jspecify.annotations.NullMarked;
