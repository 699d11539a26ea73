package radedit.imaging;

import java.util.List;
import java.util.Map;

import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.message.Message;

/**
 * What a reader finds in a file.
 *
 * @param format
 *            the format's name
 * @param pixels
 *            stored values of the frames that were asked for
 * @param meanings
 *            one for all frames, or one for each
 * @param frame
 *            which frame it is, counted from 1; 0 if it is all of them
 * @param framesInFile
 *            how many there are
 * @param rescaledOnReading
 *            whether readers of this format commonly hand out rescaled values (NIfTI) and not stored ones (DICOM)
 * @param pixelAspect
 *            height of a pixel over its width; 1 where nothing is said
 * @param facts
 *            how the values are stored, by keyword, for people and metadata; nothing about a patient
 * @param space
 *            how far apart pixels are, and where they lie
 * @param dropped
 *            what the file has beside its stored values
 * @param warnings
 *            what is odd about the file and how it was taken, in sentences without the file's name
 */
public record FilmContent(String format, PixelArray pixels, List<PixelMeaning> meanings, int frame, int framesInFile,
        boolean rescaledOnReading, double pixelAspect, Map<String, String> facts, FilmSpace space,
        DroppedChannels dropped,
        List<Message> warnings) {
    public FilmContent {
        meanings = List.copyOf(meanings);
        warnings = List.copyOf(warnings);
        if (meanings.size() != 1 && meanings.size() != pixels.frames()) {
            throw new IllegalArgumentException(meanings.size() + " meanings for " + pixels.frames() + " frames");
        }
        int samples = meanings.getFirst().photometric().samples();
        if (meanings.stream().anyMatch(m -> m.photometric().samples() != pixels.samples())) {
            throw new IllegalArgumentException(samples + " samples expected, " + pixels.samples() + " present");
        }
    }

    /** A film with nothing beside its stored values, of which nothing is known in space, and nothing to warn of. */
    public FilmContent(String format, PixelArray pixels, List<PixelMeaning> meanings, int frame, int framesInFile,
            boolean rescaledOnReading, double pixelAspect, Map<String, String> facts) {
        this(format, pixels, meanings, frame, framesInFile, rescaledOnReading, pixelAspect, facts, FilmSpace.UNKNOWN,
                DroppedChannels.NONE, List.of());
    }

    /** A picture of one frame without any transformation. */
    static FilmContent plain(String format, PixelArray pixels, PixelMeaning meaning, Map<String, String> facts) {
        return new FilmContent(format, pixels, List.of(meaning), FilmReader.ALL_FRAMES, 1, false, 1, facts);
    }
}
