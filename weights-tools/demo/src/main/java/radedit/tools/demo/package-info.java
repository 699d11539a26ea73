/** Measures how well the demo model does what it was made for. */
package radedit.tools.demo;
