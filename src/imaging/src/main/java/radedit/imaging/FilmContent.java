package radedit.imaging;

import java.util.List;
import java.util.Map;

import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.message.Message;

/**
 * The result of a {@link FilmReader}.
 *
 * @param format
 *            the format's name
 * @param pixels
 *            stored values of the requested frames
 * @param meanings
 *            one for all frames, or one for each frame
 * @param frame
 *            the frame that was read, from 1; 0 for all frames
 * @param framesInFile
 *            number of frames in the file
 * @param rescaledOnReading
 *            whether other readers of this format return rescaled values (NIfTI) rather than stored ones (DICOM)
 * @param pixelAspect
 *            height of a pixel over its width; 1 where the file says nothing
 * @param facts
 *            how the values are stored, by keyword; contains nothing about the patient
 * @param space
 *            spacing and position of the pixels
 * @param dropped
 *            alpha and palette indices
 * @param warnings
 *            what is unusual about the file and how it was interpreted, in sentences without the file's name
 */
public record FilmContent(String format, PixelArray pixels, List<PixelMeaning> meanings, int frame, int framesInFile,
        boolean rescaledOnReading, double pixelAspect, Map<String, String> facts, FilmSpace space,
        DroppedChannels dropped,
        List<Message> warnings) {
    /**
     * Copies the lists and the map.
     *
     * @throws IllegalArgumentException
     *            if the number of meanings or of samples does not fit the pixels
     */
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

    /**
     * A film without dropped channels or warnings, whose spacing is unknown.
     *
     * @param format
     *            the format's name
     * @param pixels
     *            stored values of the requested frames
     * @param meanings
     *            one for all frames, or one for each frame
     * @param frame
     *            the frame that was read, from 1; 0 for all frames
     * @param framesInFile
     *            number of frames in the file
     * @param rescaledOnReading
     *            whether other readers of this format return rescaled values
     * @param pixelAspect
     *            height of a pixel over its width
     * @param facts
     *            how the values are stored, by keyword
     */
    public FilmContent(String format, PixelArray pixels, List<PixelMeaning> meanings, int frame, int framesInFile,
            boolean rescaledOnReading, double pixelAspect, Map<String, String> facts) {
        this(format, pixels, meanings, frame, framesInFile, rescaledOnReading, pixelAspect, facts, FilmSpace.UNKNOWN,
                DroppedChannels.NONE, List.of());
    }

    /** One frame whose values are shown without any transformation. */
    static FilmContent plain(String format, PixelArray pixels, PixelMeaning meaning, Map<String, String> facts) {
        return new FilmContent(format, pixels, List.of(meaning), FilmReader.ALL_FRAMES, 1, false, 1, facts);
    }
}
