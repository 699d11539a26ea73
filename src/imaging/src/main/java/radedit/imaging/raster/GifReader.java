package radedit.imaging.raster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;

/**
 * Reads GIF with the JDK's decoder; each frame of an animation is drawn over those before it (GIF89a, 23). Without a
 * selected frame the first is read. Palettes are resolved and alpha is dropped (the colour under it shows, as in
 * Pillow).
 */
public final class GifReader implements FilmReader {
    @Override
    public String format() {
        return "GIF";
    }

    @Override
    public Match accepts(byte[] head) {
        return head.length > 13 && head[0] == 'G' && head[1] == 'I' && head[2] == 'F' && head[3] == '8'
                && (head[4] == '7' || head[4] == '9') && head[5] == 'a' ? Match.YES : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        List<String> damage = new ArrayList<>();
        try (ImageInputStream in = AwtPictures.open(file)) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            try {
                reader.setInput(in, false, false);
                int frames = reader.getNumImages(true);
                if (frames < 1) {
                    throw new ImageFormatException(file, "damaged picture (it holds no whole picture)");
                }
                if (frame > frames) {
                    throw ImageRequestException.frame(file, frame, frames);
                }
                reader.addIIOReadWarningListener((source, warning) -> damage.add(warning));
                int chosen = Math.max(1, frame);
                RasterPicture p = new GifCanvas(file, reader).draw(chosen);
                if (!damage.isEmpty()) {
                    throw new ImageFormatException(file, "damaged picture (" + damage.getFirst() + ")");
                }
                List<String> warnings = frame == ALL_FRAMES && frames > 1
                        ? List.of("it is an animation of " + frames + " pictures; the first is read, a frame chooses"
                                + " another")
                        : List.of();
                return p.content(format(), frames == 1 ? frame : chosen, frames, p.facts(), warnings);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw NotReadException.fault(file, e);
        }
    }
}
