/** The demo model: its weights, its training films, a gallery and an evaluation. */
@NullMarked
package radedit.tools.demo;

import org.jspecify.annotations.NullMarked;
