package radedit.text;

/**
 * A text as token ids, padded to a fixed length.
 *
 * @param ids
 *            [CLS], the text's ids, [SEP], then [PAD] up to the length
 * @param length
 *            number of ids before the padding
 * @param dropped
 *            number of tokens truncated from the text
 */
public record Encoding(int[] ids, int length, int dropped) {}
