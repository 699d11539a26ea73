/**
 * Windows in a film's values, as DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3 define them.
 *
 * @typedef {{name: string, centre: number, width: number, function: "linear" | "linear_exact" | "sigmoid"}} Window
 * @typedef {{slope: number, intercept: number, minimum: number, maximum: number, inverted: boolean}} Meaning
 */

/**
 * The level of a value, 0 (black) to 1 (white), before polarity.
 *
 * @param {number} x
 * @param {Window} window
 */
export function level(x, window) {
  const { centre: c, width: w } = window;
  switch (window.function) {
    case "sigmoid":
      return 1 / (1 + Math.exp(-4 * (x - c) / w));
    case "linear_exact":
      return x <= c - w / 2 ? 0 : x > c + w / 2 ? 1 : (x - c) / w + 0.5;
    default:
      return x <= c - 0.5 - (w - 1) / 2 ? 0 : x > c - 0.5 + (w - 1) / 2 ? 1 : (x - (c - 0.5)) / (w - 1) + 0.5;
  }
}

/**
 * Grey of every possible sample.
 *
 * @param {Meaning} meaning value = slope * sample + intercept
 * @param {Window} window
 * @returns {Uint8Array} 65536 greys
 */
export function greys(meaning, window) {
  const out = new Uint8Array(65536);
  for (let s = meaning.minimum; s <= meaning.maximum; s++) {
    const y = level(meaning.slope * s + meaning.intercept, window);
    out[s] = Math.round(255 * (meaning.inverted ? 1 - y : y));
  }
  return out;
}

/** Drags a window: right widens it, down brightens, in shares of the film's range. */
export function dragged(window, meaning, across, down) {
  const range = Math.abs(meaning.slope) * Math.max(1, meaning.maximum - meaning.minimum);
  const least = window.function === "linear" ? 2 : range / 65536;
  return {
    ...window,
    name: "own",
    centre: window.centre + (meaning.inverted ? down : -down) * range,
    width: Math.max(least, window.width + across * range),
  };
}
