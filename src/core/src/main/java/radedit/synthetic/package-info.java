/** Models with synthetic weights, for tests and benchmarks. */
@NullMarked
package radedit.synthetic;

import org.jspecify.annotations.NullMarked;
