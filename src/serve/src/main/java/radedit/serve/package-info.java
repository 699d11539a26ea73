/** Films, masks, jobs and results over HTTP; {@link radedit.serve.Server} is the entry. Research use only. */
@NullMarked
package radedit.serve;

import org.jspecify.annotations.NullMarked;
