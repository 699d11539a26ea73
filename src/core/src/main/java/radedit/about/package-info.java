/** The version of this program. */
package radedit.about;
