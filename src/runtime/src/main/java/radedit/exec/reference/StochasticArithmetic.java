package radedit.exec.reference;

import java.util.concurrent.atomic.AtomicLong;

import radedit.exec.StochasticRounding;

/**
 * Rounds at random. A random number is a function of seed, sample, number of the run, node, task and operation only, and
 * so does not depend on threads, nor on the other nodes of a graph.
 */
final class StochasticArithmetic implements Arithmetic {
    private final StochasticRounding rounding;
    private final AtomicLong runs = new AtomicLong();

    StochasticArithmetic(StochasticRounding rounding) {
        this.rounding = rounding;
    }

    @Override
    public String describe() {
        return "stochastic rounding to " + rounding.bits() + " bits, seed " + rounding.seed() + ", sample "
                + rounding.sample();
    }

    @Override
    public RunRounding run() {
        long key = key(key(rounding.seed(), rounding.sample()), runs.getAndIncrement());
        return new RunRounding() {
            @Override // what the host gives has the precision of float32, whatever that of the results
            public Rounding input(int id) {
                return new RandomRounding(StochasticRounding.MAX_BITS, key(key(key, id), 0));
            }

            @Override
            public NodeRounding node(int id) {
                long node = key(key, id);
                return task -> new RandomRounding(rounding.bits(), key(node, task));
            }
        };
    }

    private static long key(long of, long part) {
        return RandomRounding.mix(RandomRounding.mix(of + RandomRounding.GAMMA) ^ part);
    }
}
