/** The report of a stress test: one page that needs nothing else. */
@NullMarked
package radedit.stress.report;

import org.jspecify.annotations.NullMarked;
