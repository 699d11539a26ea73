/** The library's front: {@link radedit.pipeline.RadEdit} generates and edits films. */
package radedit.pipeline;
