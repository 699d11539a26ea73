package radedit.text;

/**
 * A text as token ids, padded to the model's length.
 *
 * @param ids
 *            token ids, [CLS] first, then [PAD] behind [SEP]
 * @param length
 *            ids before the padding
 * @param dropped
 *            tokens of the text that did not fit
 */
public record Encoding(int[] ids, int length, int dropped) {}
