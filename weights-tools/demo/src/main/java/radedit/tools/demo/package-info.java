/** The demo model: its weights, its training films, a gallery and an evaluation; films and classifiers of a stress test. */
@NullMarked
package radedit.tools.demo;

import org.jspecify.annotations.NullMarked;
