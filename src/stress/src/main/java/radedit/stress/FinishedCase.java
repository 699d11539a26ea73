package radedit.stress;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;

import org.jspecify.annotations.Nullable;

/**
 * A case of a run and what became of it.
 *
 * @param plan
 *            the case as planned
 * @param status
 *            what became of it
 * @param reason
 *            why it failed or was rejected; empty if it was not
 * @param seed
 *            the seed of its picture; empty if it has none
 * @param imageText
 *            image-text score of its picture, where there is one
 * @param edit
 *            edit score of its picture, where there is one
 * @param tries
 *            number of seeds that were tried
 * @param files
 *            its files; null if it has no picture
 */
public record FinishedCase(StressCase plan, Status status, String reason, String seed, OptionalDouble imageText,
        OptionalDouble edit, int tries, @Nullable Files files) {
    /** What became of a case. */
    public enum Status {
        /** Nobody has finished it. */
        PENDING,
        /** It has a picture. */
        DONE,
        /** It has a picture that did not reach the required score. */
        REJECTED,
        /** It has none. */
        FAILED
    }

    /**
     * The files of a picture, all of the model's square.
     *
     * @param image
     *            the edited film
     * @param original
     *            the film before the edit; cases of one film have one in common
     * @param editMask
     *            where to change
     * @param keepMask
     *            what must stay; null for none
     * @param truth
     *            reference masks of the film before the edit by structure, whose name is empty if it is the only one
     */
    public record Files(Path image, Path original, Path editMask, @Nullable Path keepMask, Map<String, Path> truth) {
        /**
         * Files without reference masks.
         *
         * @param image
         *            the edited film
         * @param original
         *            the film before the edit
         * @param editMask
         *            where to change
         * @param keepMask
         *            what must stay; null for none
         */
        public Files(Path image, Path original, Path editMask, @Nullable Path keepMask) {
            this(image, original, editMask, keepMask, Map.of());
        }
    }

    /** {@return the name of the film before the edit in files of scores: {@code original-} and the start of its hash} */
    public String originalName() {
        return files == null ? "" : "original-" + files.original.getFileName().toString().replace(".png", "");
    }

    /** {@return the score that edits are accepted by: the edit score, else the image-text score} */
    public OptionalDouble score() {
        return edit.isPresent() ? edit : imageText;
    }
}
