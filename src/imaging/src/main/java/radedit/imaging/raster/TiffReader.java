package radedit.imaging.raster;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.DroppedChannels;
import radedit.imaging.FilmContent;
import radedit.imaging.FilmSpace;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.FileChecks;
import radedit.imaging.codec.CodecException;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * Reads TIFF and BigTIFF; pages are frames, with their Orientation applied. Display levels of unsigned samples of up to
 * 16 bits are samples over their range, of all others over the picture's. If the page is WhiteIsZero, stored values are
 * the file's and the film is MONOCHROME1. Fax compressions, old-style JPEG and subsampled YCbCr without JPEG are decoded
 * by the JDK.
 */
public final class TiffReader implements FilmReader {
    private static final int CLASSIC = 42;
    private static final int BIG = 43;
    /** Bits of NewSubfileType: a reduced copy, or a transparency mask, of another page. */
    private static final int NO_PAGE_OF_ITS_OWN = 1 | 4;
    private static final long MAX_EXPANSION = 1100;
    private static final Pattern IMAGEJ = Pattern.compile("^ImageJ=[^\\n]*\\n(?:.*\\n)*?images=(\\d{1,9})\\s");
    /** Compressions that the JDK decodes: three of CCITT, and old-style JPEG. */
    private static final Set<Integer> OF_JDK = Set.of(2, 3, 4, 6);

    @Override
    public String format() {
        return "TIFF";
    }

    @Override
    public Match accepts(byte[] head) {
        boolean little = head.length > 7 && head[0] == 'I' && head[1] == 'I' && head[3] == 0
                && (head[2] == CLASSIC || head[2] == BIG);
        boolean big = head.length > 7 && head[0] == 'M' && head[1] == 'M' && head[2] == 0
                && (head[3] == CLASSIC || head[3] == BIG);
        return little || big ? Match.YES : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        try (TiffInput in = TiffInput.open(file)) {
            List<TiffDirectory> pages = pages(in);
            if (frame > pages.size()) {
                throw ImageRequestException.frame(file, frame, pages.size());
            }
            return new Reading(file, in, pages).content(frame);
        } catch (IOException | RuntimeException e) {
            throw NotReadException.fault(file, e);
        }
    }

    private static List<TiffDirectory> pages(TiffInput in) throws IOException {
        List<TiffDirectory> pages = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        long size = 0;
        for (long at = in.firstDirectory(); at != 0; at = pages.getLast().next()) {
            if (!seen.add(at)) {
                throw new CodecException("its pages form a ring");
            }
            pages.add(TiffDirectory.read(in, at));
            size += pages.getLast().size();
            if (size > in.length()) {
                throw new CodecException("its pages overlap");
            }
        }
        if (pages.isEmpty()) {
            throw new CodecException("it has no page");
        }
        return pages;
    }

    /** Reads selected pages of a file. */
    private static final class Reading {
        private final Path file;
        private final TiffInput in;
        private final List<TiffDirectory> pages;
        private final Set<String> warnings = new LinkedHashSet<>();

        Reading(Path file, TiffInput in, List<TiffDirectory> pages) {
            this.file = file;
            this.in = in;
            this.pages = pages;
        }

        FilmContent content(int frame) throws IOException {
            warnOfStack();
            List<Integer> chosen = frame == ALL_FRAMES ? ownPages() : List.of(frame - 1);
            if (chosen.size() == 1) {
                RasterPicture p = picture(chosen.getFirst());
                boolean only = pages.size() == 1;
                return p.content("TIFF", only ? frame : chosen.getFirst() + 1, pages.size(), facts(p, chosen),
                        List.copyOf(warnings));
            }
            return joined(chosen);
        }

        /** Warns of stacks beyond 4 GB, which ImageJ and others write with a directory for the first picture only. */
        private void warnOfStack() throws IOException {
            byte[] text = pages.size() == 1 ? pages.getFirst().bytes(TiffTag.IMAGE_DESCRIPTION) : null;
            if (text == null) {
                return;
            }
            Matcher m = IMAGEJ
                    .matcher(new String(text, 0, Math.min(text.length, 1 << 10), StandardCharsets.ISO_8859_1));
            if (m.find() && Long.parseLong(m.group(1)) > 1) {
                warnings.add(
                        "it claims to be an ImageJ stack of " + m.group(1) + " pictures and has a page for the"
                                + " first only, which is read; save the others as separate pages");
            }
        }

        /** Pages that are not reduced copies or masks of others; all pages if there are none. */
        private List<Integer> ownPages() throws IOException {
            List<Integer> own = new ArrayList<>();
            for (int i = 0; i < pages.size(); i++) {
                if (pages.size() == 1
                        || (pages.get(i).integer(TiffTag.NEW_SUBFILE_TYPE, 0) & NO_PAGE_OF_ITS_OWN) == 0) {
                    own.add(i);
                }
            }
            if (own.isEmpty()) {
                own.add(0);
            }
            if (own.size() < pages.size()) {
                warnings.add((pages.size() - own.size()) + " of its " + pages.size()
                        + " pages are smaller copies or masks of others, or say so, and are left out");
            }
            return own;
        }

        private FilmContent joined(List<Integer> chosen) throws IOException {
            RasterPicture first = picture(chosen.getFirst());
            int size = first.pixels().size();
            if ((long) size * chosen.size() > 2 * FileChecks.MAX_PIXELS) {
                throw new ImageFormatException(file,
                        Message.of("has too many pages for one film; choose one with ", Setting.FRAME));
            }
            boolean whole = first.pixels().isInteger();
            int[] values = new int[whole ? size * chosen.size() : 0];
            double[] reals = new double[whole ? 0 : size * chosen.size()];
            for (int k = 0; k < chosen.size(); k++) {
                RasterPicture p = k == 0 ? first : picture(chosen.get(k));
                if (p.width() != first.width() || p.height() != first.height() || !p.depth().equals(first.depth())
                        || p.photometric() != first.photometric() || p.pixels().isInteger() != whole) {
                    throw new ImageFormatException(file,
                            Message.of("has ", pages.size(), " pages of different kinds; choose one with ",
                                    Setting.FRAME));
                }
                if (whole) {
                    System.arraycopy(p.pixels().integers(), 0, values, k * size, size);
                } else {
                    for (int i = 0; i < size; i++) {
                        reals[k * size + i] = p.pixels().at(i);
                    }
                }
            }
            int n = first.pixels().samples();
            PixelArray all = whole
                    ? PixelArray.of(chosen.size(), first.height(), first.width(), n, values)
                    : PixelArray.of(chosen.size(), first.height(), first.width(), n, reals);
            return new FilmContent("TIFF", all, List.of(first.meaning()), ALL_FRAMES, pages.size(), false, 1,
                    facts(first, chosen), FilmSpace.UNKNOWN, DroppedChannels.NONE,
                    warnings.stream().map(Message::of).toList());
        }

        private Map<String, String> facts(RasterPicture p, List<Integer> chosen) throws IOException {
            Map<String, String> facts = p.facts();
            int orientation = Orientation.of(pages.get(chosen.getFirst()));
            if (orientation != Orientation.UPRIGHT) {
                facts.put("tiff_orientation", Orientation.describe(orientation));
            }
            return facts;
        }

        private RasterPicture picture(int index) throws IOException {
            TiffPage page = TiffPage.of(pages.get(index), in.order());
            TiffCompression compression = TiffCompression.of(page.compression());
            FileChecks.checkSize(file, page.width(), page.height(), in.length(),
                    compression == TiffCompression.ZSTD ? TiffCompression.ZSTD.expansion() : MAX_EXPANSION);
            if (OF_JDK.contains(page.compression())
                    || page.photometric() == TiffPage.YCBCR && page.compression() != TiffChunks.JPEG) {
                return byJdk(index, page).upright(page.orientation());
            }
            TiffSamples.check(page);
            if ((long) page.width() * page.height() > 2 * FileChecks.MAX_PIXELS / page.samples()) {
                throw new NotReadException("has " + page.samples() + " samples for each of " + page.width() + " x "
                        + page.height() + " pixels, which are too many");
            }
            if (!pages.get(index).has(TiffTag.PHOTOMETRIC_INTERPRETATION)) {
                warnings.add("it does not say whether its lowest value is black, which is assumed");
            }
            TiffChunks chunks = new TiffChunks(in, page);
            PixelArray samples = TiffSamples.decode(page, chunks);
            warnings.addAll(chunks.warnings());
            return TiffPictures.of(page, samples, warnings).upright(page.orientation());
        }

        private RasterPicture byJdk(int index, TiffPage page) throws IOException {
            if (in.isBig()) {
                throw new NotReadException(
                        "has compression " + page.compression() + " in BigTIFF, which is not supported; save it"
                                + " with another, such as LZW or Deflate (tiffcp -c lzw)");
            }
            BufferedImage image;
            try (ImageInputStream stream = AwtPictures.open(file)) {
                ImageReader reader = ImageIO.getImageReadersByFormatName("tiff").next();
                try {
                    reader.setInput(stream, false, true);
                    if (reader.getWidth(index) != page.width() || reader.getHeight(index) != page.height()) {
                        throw new CodecException("it has several sizes");
                    }
                    image = reader.read(index);
                } finally {
                    reader.dispose();
                }
            }
            boolean white = page.photometric() == TiffPage.WHITE_IS_ZERO;
            RasterPicture p = AwtPictures.of(file, image, white || page.photometric() == TiffPage.BLACK_IS_ZERO,
                    false);
            if (!white) {
                return p;
            }
            // The decoder has inverted the values to make 0 black.
            int[] values = p.pixels().integers();
            int max = (int) p.depth().max();
            for (int i = 0; i < values.length; i++) {
                values[i] = max - values[i];
            }
            return new RasterPicture(p.pixels(), Photometric.MONOCHROME1, p.depth(), p.dropped(), p.lost());
        }
    }
}
