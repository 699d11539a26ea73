package radedit.tools.demo;

import radedit.pipeline.Listener;

/** Counts evaluations of the UNet, with those that an earlier edit of the film had made. */
final class EvaluationCounter implements Listener {
    private long evaluations;

    @Override
    public void evaluations(long computed, long shared) {
        evaluations += computed + shared;
    }

    long evaluations() {
        return evaluations;
    }
}
