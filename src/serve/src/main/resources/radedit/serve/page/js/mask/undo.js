/**
 * Undo and redo of changes to several masks, oldest dropped first when they take too much memory.
 *
 * @template {string} R
 */
export class Undo {
  /**
   * @param {Record<R, import("./mask.js").Mask>} masks
   * @param {number} limit bytes
   */
  constructor(masks, limit = 64 << 20) {
    this.masks = masks;
    this.limit = limit;
    /** @type {{role: R, delta: import("./delta.js").Delta}[]} */
    this.done = [];
    this.undone = [];
    this.bytes = 0;
  }

  get canUndo() {
    return this.done.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  /**
   * Ends the change of a mask and remembers it.
   *
   * @param {R} role
   * @returns {boolean} whether anything changed
   */
  commit(role) {
    const delta = this.masks[role].end();
    if (!delta) {
      return false;
    }
    this.bytes += delta.size - this.undone.reduce((sum, e) => sum + e.delta.size, 0);
    this.undone = [];
    this.done.push({ role, delta });
    while (this.bytes > this.limit && this.done.length > 1) {
      this.bytes -= this.done.shift().delta.size;
    }
    return true;
  }

  /** @returns {{role: R, rect: import("./rect.js").Rect} | null} what changed */
  undo() {
    return this.#move(this.done, this.undone);
  }

  redo() {
    return this.#move(this.undone, this.done);
  }

  #move(from, to) {
    const entry = from.pop();
    if (!entry) {
      return null;
    }
    to.push(entry);
    return { role: entry.role, rect: this.masks[entry.role].apply(entry.delta) };
  }
}
