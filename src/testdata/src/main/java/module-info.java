/** Test data. */
module radedit.testdata {
    exports radedit.testdata;
}
