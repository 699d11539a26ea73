/** Models with synthetic weights, for tests and benchmarks. */
package radedit.synthetic;
