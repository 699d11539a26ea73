package radedit.imaging.raster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.ImageRequestException;
import radedit.imaging.Mask;
import radedit.imaging.mask.MaskSource;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Inputs that programs read wrongly by public reports, against the values of the field's own tools. */
class RasterReportsTest {
    private static Path file(String name) {
        return TestData.resource("/reports/" + name);
    }

    private static double[] expected(String folder, String name) {
        Map<String, Tensor> all = Fixtures.tensors(file(folder + "/expected.safetensors"));
        return all.get(name).data();
    }

    @ParameterizedTest
    @CsvSource({"03_tiff_orientation/orient3.tif, picture", "06_jpeg_ids012/nojfif_444_ids012.jpg, picture",
            "07_tiff16_predictor/g16_lzw_pred.tif, g16_lzw_pred",
            "07_tiff16_predictor/tiled_deflate.tif, tiled_deflate",
            "14_jpeg_stray_bytes/extraneous_before_eoi.jpg, picture", "16_formats/node.mha, node",
            "16_formats/node.nrrd, node", "19_tiff_other/g16_big.tif, g16_big", "19_tiff_other/g8_zstd.tif, g8_zstd",
            "20_jpeg_cmyk_12bit/cmyk.jpg, cmyk", "21_exif_long_png/exif6.png, exif6.png"})
    void films(String name, String tensor) throws IOException {
        Film f = Films.read(file(name));
        double[] values = new double[f.pixels().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = f.pixels().at(i);
        }
        assertArrayEquals(expected(name.substring(0, name.indexOf('/')), tensor), values);
        assertEquals(name.startsWith("14_") ? 1 : 0, f.warnings().size());
    }

    private static double[] mask(String source, List<String> notes) throws IOException {
        Mask m = MaskSource.of(source).read(null, notes::add);
        double[] values = new double[m.pixels().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = m.pixels()[i] ? 1 : 0;
        }
        return values;
    }

    @Test
    void masks() throws IOException {
        List<String> notes = new ArrayList<>();
        assertArrayEquals(expected("16_formats", "heart"), mask(file("16_formats/heart.gif").toString(), notes));
        String one = file("01_mask_rgba/mask_onepixel.png").toString();
        assertArrayEquals(expected("01_mask_rgba", "mask_onepixel"), mask(one, notes));
        assertArrayEquals(expected("01_mask_rgba", "mask_onepixel"), mask(one + "#alpha=ignore", notes));
        assertEquals(List.of(), notes);

        String comfy = file("01_mask_rgba/mask_comfy.png").toString();
        double[] transparent = expected("01_mask_rgba", "mask_comfy_if_transparent_is_edit");
        assertArrayEquals(transparent, mask(comfy + "#alpha=clear", notes));
        assertEquals(List.of(), notes);
        double[] opaque = mask(comfy, notes);
        assertTrue(notes.size() == 1 && notes.getFirst().contains("#alpha=clear"), notes::toString);
        assertArrayEquals(opaque, mask(comfy + "#alpha=set", notes));
        for (int i = 0; i < opaque.length; i++) {
            assertEquals(1, opaque[i] + transparent[i]);
        }
    }

    @Test
    void whatAlphaCannotChooseIsRefused() {
        String gif = file("16_formats/heart.gif").toString();
        ImageRequestException e = assertThrows(ImageRequestException.class,
                () -> mask(gif + "#alpha=set", new ArrayList<>()));
        assertTrue(e.getMessage().contains("has no alpha channel"), e.getMessage());
        e = assertThrows(ImageRequestException.class, () -> mask(gif + "#alpha=opaque", new ArrayList<>()));
        assertTrue(e.getMessage().contains("#alpha=set, clear or ignore"), e.getMessage());
    }
}
