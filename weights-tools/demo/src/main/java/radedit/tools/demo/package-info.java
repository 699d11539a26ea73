/** The demo model: its weights, its training films, a gallery and an evaluation. */
package radedit.tools.demo;
