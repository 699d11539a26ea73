/** The library's front: {@link radedit.pipeline.RadEdit} generates and edits films. */
@NullMarked
package radedit.pipeline;

import org.jspecify.annotations.NullMarked;
