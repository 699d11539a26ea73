/** Reads and writes films and masks: file formats, codecs, grey levels. */
module radedit.imaging {
    requires transitive radedit.base;
    requires java.desktop;
    requires aircompressor;
    requires org.tukaani.xz;

    exports radedit.imaging;
    exports radedit.imaging.dicom;
    exports radedit.imaging.mask;
    exports radedit.imaging.pixel;

    uses radedit.imaging.FilmReader;
    uses radedit.imaging.mask.MaskFileReader;
    provides radedit.imaging.FilmReader with
            radedit.imaging.raster.PngReader,
            radedit.imaging.raster.JpegReader,
            radedit.imaging.raster.TiffReader,
            radedit.imaging.raster.GifReader,
            radedit.imaging.raster.BmpReader,
            radedit.imaging.raster.Jpeg2000Reader,
            radedit.imaging.volume.MetaImageReader,
            radedit.imaging.volume.NrrdReader,
            radedit.imaging.NiftiReader,
            radedit.imaging.dicom.DicomReader;
}
