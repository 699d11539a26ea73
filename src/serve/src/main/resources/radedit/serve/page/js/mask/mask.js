import { Delta } from "./delta.js";
import { box, capsule, distance, polygon } from "./raster.js";
import { Rect } from "./rect.js";

/** A pixel is in the mask if its level is above this, as in mask files (docs/films-and-masks.md). */
export const THRESHOLD = 127;

/**
 * A mask at the film's own pixels. Each pixel has a level from 0 to 255; soft edges are levels between. Changes are made
 * between `begin` and `end`; within one stroke a pixel is painted once, however often the brush passes over it.
 */
export class Mask {
  /**
   * @param {number} width of the film in pixels
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    /** Row by row. */
    this.levels = new Uint8Array(width * height);
    /** The levels at the last `end`. */
    this.saved = new Uint8Array(width * height);
    this.changed = new Rect();
    /** Pixels in the mask. */
    this.count = 0;
    /** Pixels with a level above 0, in the mask or in its soft edge. */
    this.touched = 0;
  }

  /** Whether a pixel is in the mask. */
  has(x, y) {
    return x >= 0 && y >= 0 && x < this.width && y < this.height && this.levels[y * this.width + x] > THRESHOLD;
  }

  /**
   * Paints, or erases, along the line between the centres of two pixels.
   *
   * A soft brush falls linearly from 255 to 0 over `soft` pixels, half of them on either side of the brush's edge. So a
   * single stroke gives the same mask with any softness, and repeated strokes wear further into the edge.
   *
   * @param {{size: number, soft: number, erase: boolean, accept?: (index: number) => boolean}} brush size is the
   *     diameter in pixels, odd; accept decides which pixels may change (the threshold brush)
   * @returns {Rect} what may have changed
   */
  stroke(ax, ay, bx, by, brush) {
    const { size, soft, erase, accept } = brush;
    const reached = new Rect();
    const outer = soft > 0 ? size + 2 * Math.ceil(soft / 2) : size;
    capsule(ax, ay, bx, by, outer, this.width, this.height, (y, from, to) => {
      reached.addSpan(y, from, to);
      const row = y * this.width;
      for (let x = from; x < to; x++) {
        if (accept && !accept(row + x)) {
          continue;
        }
        let cover = 255;
        if (soft > 0) {
          const d = distance(x, y, ax, ay, bx, by);
          cover = Math.round(255 * Math.min(1, Math.max(0, (size / 2 + soft / 2 - d) / soft)));
        }
        const before = this.saved[row + x];
        if (erase) {
          this.#set(row + x, Math.min(this.levels[row + x], Math.round(before * (255 - cover) / 255)));
        } else {
          this.#set(row + x, Math.max(this.levels[row + x], 255 - Math.round((255 - before) * (255 - cover) / 255)));
        }
      }
    });
    this.changed.add(reached);
    return reached;
  }

  /** Sets, or clears, a box given by two corner pixels. */
  box(ax, ay, bx, by, erase) {
    return this.#fill(erase, (span) => box(ax, ay, bx, by, this.width, this.height, span));
  }

  /** Sets, or clears, the inside of a polygon. */
  polygon(points, erase) {
    return this.#fill(erase, (span) => polygon(points, this.width, this.height, span));
  }

  /** Replaces all levels. */
  replace(levels) {
    if (levels.length !== this.levels.length) {
      throw new RangeError(`the mask has ${levels.length} pixels, the film ${this.levels.length}`);
    }
    for (let i = 0; i < levels.length; i++) {
      this.#set(i, levels[i]);
    }
    return this.#all();
  }

  /** Joins with another mask's levels. */
  join(levels) {
    for (let i = 0; i < levels.length; i++) {
      this.#set(i, Math.max(levels[i], this.levels[i]));
    }
    return this.#all();
  }

  clear() {
    for (let i = 0; i < this.levels.length; i++) {
      this.#set(i, 0);
    }
    return this.#all();
  }

  invert() {
    for (let i = 0; i < this.levels.length; i++) {
      this.#set(i, 255 - this.levels[i]);
    }
    return this.#all();
  }

  /**
   * Ends a change.
   *
   * @returns {Delta | null} what undoes it; null if nothing changed
   */
  end() {
    const delta = Delta.between(this.saved, this.levels, this.width, this.changed);
    this.#save(this.changed);
    this.changed = new Rect();
    return delta;
  }

  /**
   * Undoes or redoes a change.
   *
   * @param {Delta} delta
   */
  apply(delta) {
    this.#count(delta.rect, -1);
    delta.apply(this.levels, this.width);
    this.#count(delta.rect, 1);
    this.#save(delta.rect);
    return delta.rect;
  }

  /** @returns {Uint8Array} 255 for pixels in the mask, 0 for others */
  binary() {
    return this.levels.map((v) => v > THRESHOLD ? 255 : 0);
  }

  #fill(erase, shape) {
    const reached = new Rect();
    shape((y, from, to) => {
      reached.addSpan(y, from, to);
      for (let i = y * this.width + from; i < y * this.width + to; i++) {
        this.#set(i, erase ? 0 : 255);
      }
    });
    this.changed.add(reached);
    return reached;
  }

  #set(i, level) {
    const before = this.levels[i];
    this.count += (level > THRESHOLD ? 1 : 0) - (before > THRESHOLD ? 1 : 0);
    this.touched += (level > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
    this.levels[i] = level;
  }

  #all() {
    const all = Rect.of(0, 0, this.width, this.height);
    this.changed.add(all);
    return all;
  }

  #save(rect) {
    for (let y = rect.top; y < rect.bottom; y++) {
      const from = y * this.width + rect.left;
      this.saved.set(this.levels.subarray(from, y * this.width + rect.right), from);
    }
  }

  #count(rect, sign) {
    for (let y = rect.top; y < rect.bottom; y++) {
      for (let i = y * this.width + rect.left; i < y * this.width + rect.right; i++) {
        this.count += this.levels[i] > THRESHOLD ? sign : 0;
        this.touched += this.levels[i] > 0 ? sign : 0;
      }
    }
  }
}
