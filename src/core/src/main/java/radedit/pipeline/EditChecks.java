package radedit.pipeline;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.Editor;
import radedit.diffusion.MaskDownsampling;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.NativeEdit;
import radedit.message.Message;
import radedit.message.Setting;

/** Checks an edit request: its settings, its film and its masks, in this order. */
final class EditChecks {
    private static final int MIN_SIDE = 8;
    private static final int MAX_ASPECT_RATIO = 32;
    private static final int MAX_FEATHER = 4096;
    /** Share of the keep mask's pixels that a rule may drop without a warning. */
    private static final double MAX_SILENT_LOSS = 0.01;
    private static final Message PAD_HINT = Message.of(Setting.FIT, " pad shows the model the whole film");

    private final EditRequest r;
    private final Listener listener;

    /**
     * @param listener
     *            receives warnings of masks that may not have the effect intended
     */
    EditChecks(EditRequest r, Listener listener) {
        this.r = r;
        this.listener = listener;
    }

    /**
     * Checks what does not depend on a film or model.
     *
     * @throws InvalidRequestException
     *             if a setting is out of range, or contradicts another
     */
    static void checkSettings(EditRequest r, Listener listener) {
        r.checkRanges();
        RequestChecks.check(!r.prompts.isEmpty(), "a prompt is missing");
        RequestChecks.check(r.skipRatio >= 0 && r.skipRatio < 1,
                Setting.SKIP_RATIO, " must be from 0 to below 1, not ", r.skipRatio);
        RequestChecks.check(r.eta > 0 && r.eta <= 1, Setting.ETA, " must be above 0 and at most 1, not ", r.eta);
        r.prompts.forEach(p -> RequestChecks.checkGuidance(Setting.WEIGHT, p.weight(), listener));
        if (r.minScore != null) {
            double score = r.minScore;
            RequestChecks.check(score >= -1 && score <= 1, Setting.MIN_SCORE, " must be from -1 to 1, not ", score);
        }
        RequestChecks.check(r.tries >= 1, Setting.TRIES, " must be at least 1, not ", r.tries);
        RequestChecks.check(r.tries == 1 || r.minScore != null,
                Message.of("several ", Setting.TRIES, " need a ", Setting.MIN_SCORE, " to stop at"));
        RequestChecks.check(r.tries == 1 || r.noise == null,
                Message.of("several ", Setting.TRIES, " need drawn noise, which excludes ", Setting.NOISE));
    }

    /**
     * Checks the film.
     *
     * @throws InvalidRequestException
     *             if native size was requested with an invalid border, or for a picture without a file
     * @throws InvalidInputException
     *             if it is too small or too narrow, or its format cannot take an edit at its native size
     */
    static void checkFilm(EditRequest r) {
        double aspectRatio = (double) r.film.width() / r.film.height() / r.pixelAspect();
        if (Math.min(r.film.width(), r.film.height()) < MIN_SIDE
                || !(Math.max(aspectRatio, 1 / aspectRatio) < MAX_ASPECT_RATIO + 1)) {
            throw new InvalidInputException("the film has " + r.film.width() + " x " + r.film.height() + " pixels"
                    + (r.pixelAspect() == 1 ? "" : ", " + r.pixelAspect() + " times as high as wide") + "; at least "
                    + MIN_SIDE + " on a side are expected, and one no longer than " + MAX_ASPECT_RATIO
                    + " times the other");
        }
        if (r.feather != null) {
            checkNativeSize(r, r.feather);
        }
    }

    private static void checkNativeSize(EditRequest r, int feather) {
        RequestChecks.check(feather >= 0 && feather <= MAX_FEATHER,
                Setting.FEATHER, " must be from 0 to ", MAX_FEATHER, " pixels, not ", feather);
        Film film = r.originalFilm();
        if (film == null) {
            throw new InvalidRequestException("a picture has no native size to be put back into");
        }
        Message obstacle = NativeEdit.obstacle(film);
        if (obstacle != null) {
            throw new InvalidInputException(
                    Message.of(film.file(), ": cannot be edited at its native size: it ", obstacle));
        }
    }

    /**
     * Checks the masks.
     *
     * @param keep
     *            null for none
     * @throws InvalidInputException
     *             if the edit mask or the keep mask has no cell of the latent grid
     */
    void checkMasks(Fit fit, LatentMask edit, @Nullable LatentMask keep) {
        warnOfSize(r.editMask, "edit mask");
        if (r.keepMask != null) {
            warnOfSize(r.keepMask, "keep mask");
        }
        checkEditMask(fit, edit);
        if (r.keepMask != null && keep != null) {
            checkKeepMask(r.keepMask, keep);
            warnOfOverlap(edit, keep);
        }
    }

    private void warnOfSize(Mask mask, String what) {
        if (mask.width() != r.film.width() || mask.height() != r.film.height()) {
            listener.warning("the " + what + " has " + mask.width() + " x " + mask.height() + " pixels, the film "
                    + r.film.width() + " x " + r.film.height() + "; it is resized to the film's size (nearest)");
        }
    }

    private void checkEditMask(Fit fit, LatentMask edit) {
        double cropped = fit.croppedShare(r.atFilmSize(r.editMask), edit.pixels());
        if (cropped == 1) {
            throw new InvalidInputException(
                    Message.of("the edit mask lies outside the square of the film that the model sees; ", PAD_HINT));
        }
        if (cropped > 0) {
            listener.warning(Message.of(String.format(Locale.ROOT,
                    "%.0f %% of the edit mask lies outside the square of the film that the model sees and will not change; ",
                    Math.max(1, 100 * cropped)), PAD_HINT));
        }
        if (edit.cellCount() == 0) {
            throw new InvalidInputException(Message.of("the edit mask is empty: no cell of the latent grid is in it",
                    r.editMask.isEmpty()
                            ? ""
                            : Message.of(" (", Setting.MASK_RULE, " any includes cells that it only touches)")));
        }
    }

    private void checkKeepMask(Mask mask, LatentMask keep) {
        if (mask.isEmpty()) {
            throw new InvalidInputException("the keep mask is empty; leave it out to keep nothing");
        }
        if (keep.visiblePixels() == 0) {
            throw new InvalidInputException(
                    Message.of("the keep mask lies outside the square of the film that the model sees; ", PAD_HINT));
        }
        if (keep.cellCount() == 0) {
            throw new InvalidInputException(
                    Message.of("the keep mask would keep nothing: no cell of the latent grid is in it by the rule ",
                            label(r.keepRule), "; ", Setting.KEEP_RULE, " any keeps every pixel of it"));
        }
        if (keep.droppedShare() > MAX_SILENT_LOSS && r.mode == Editor.Mode.PAPER) {
            listener.warning(Message.of(String.format(Locale.ROOT,
                    "%.0f %% of the keep mask's pixels lie in cells of the latent grid that the rule %s leaves free,"
                            + " and may change; ",
                    100 * keep.droppedShare(), label(r.keepRule)), Setting.KEEP_RULE, " any keeps all of them"));
        }
    }

    /** {@return a rule's name in settings and messages} */
    static String label(MaskDownsampling.Rule rule) {
        return rule.name().toLowerCase(Locale.ROOT);
    }

    private void warnOfOverlap(LatentMask edit, LatentMask keep) {
        int both = edit.overlap(keep);
        if (r.mode == Editor.Mode.RELEASED) {
            listener.warning(
                    "mode released ignores the keep mask's content: everything outside the edit mask is kept, one step"
                            + " noisier, as the published pipeline does");
        } else if (both == edit.cellCount()) {
            listener.warning("the keep mask covers the whole edit mask, so the edit will change nothing");
        } else if (both > 0) {
            listener.warning(
                    "edit mask and keep mask overlap in " + both + " cells of the latent grid; keep wins there");
        }
    }
}
