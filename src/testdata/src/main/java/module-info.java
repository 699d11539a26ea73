/** Files that tests read. */
module radedit.testdata {
    exports radedit.testdata;
}
