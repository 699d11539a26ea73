package radedit.stress;

/**
 * A part of a run's films, for machines that share nothing.
 *
 * @param number
 *            from 1 to {@code count}
 * @param count
 *            number of parts
 */
public record Shard(int number, int count) {
    /** The whole run. */
    public static final Shard WHOLE = new Shard(1, 1);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException
     *             if {@code number} is not from 1 to {@code count}
     */
    public Shard {
        if (count < 1 || number < 1 || number > count) {
            throw new IllegalArgumentException("a part is i/n with i from 1 to n, not " + number + "/" + count);
        }
    }

    /** {@return whether a group of cases belongs to this part} */
    boolean has(int group) {
        return group % count == number - 1;
    }
}
