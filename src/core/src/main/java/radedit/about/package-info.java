/** What this program is. */
package radedit.about;
