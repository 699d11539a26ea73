/**
 * The difference of two states of a mask inside a rectangle, XORed and run-length coded. XOR is its own inverse, so one
 * delta undoes and redoes.
 *
 * Runs are pairs of a length (LEB128: 7 bits a byte, low first) and a value; they cover the rectangle row by row.
 */
export class Delta {
  /**
   * @param {import("./rect.js").Rect} rect
   * @param {Uint8Array} runs
   */
  constructor(rect, runs) {
    this.rect = rect;
    this.runs = runs;
  }

  /**
   * @param {Uint8Array} before of the whole film, row by row
   * @param {Uint8Array} after
   * @param {number} width of the film
   * @param {import("./rect.js").Rect} rect outside which both are equal
   * @returns {Delta | null} null if both are equal
   */
  static between(before, after, width, rect) {
    if (rect.empty) {
      return null;
    }
    const out = [];
    let value = -1;
    let length = 0;
    let changed = false;
    for (let y = rect.top; y < rect.bottom; y++) {
      const end = y * width + rect.right;
      for (let i = y * width + rect.left; i < end; i++) {
        const v = before[i] ^ after[i];
        if (v === value) {
          length++;
        } else {
          write(out, length, value);
          value = v;
          length = 1;
          changed ||= v !== 0;
        }
      }
    }
    write(out, length, value);
    return changed ? new Delta(rect, Uint8Array.from(out)) : null;
  }

  /** Turns one state into the other, in place. */
  apply(levels, width) {
    const { left, top, right } = this.rect;
    const columns = right - left;
    let p = 0;
    let x = 0;
    let row = top * width + left;
    while (p < this.runs.length) {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        const b = this.runs[p++];
        length += (b & 127) * 2 ** shift;
        if (b < 128) {
          break;
        }
      }
      const value = this.runs[p++];
      while (length > 0) {
        const n = Math.min(length, columns - x);
        if (value !== 0) {
          for (let i = row + x; i < row + x + n; i++) {
            levels[i] ^= value;
          }
        }
        length -= n;
        x += n;
        if (x === columns) {
          x = 0;
          row += width;
        }
      }
    }
  }

  /** @returns {number} bytes */
  get size() {
    return this.runs.length + 64;
  }
}

function write(out, length, value) {
  if (length === 0) {
    return;
  }
  for (; length > 127; length = Math.floor(length / 128)) {
    out.push(128 | length % 128);
  }
  out.push(length, value);
}
