/** A rectangle of pixels [left, right) by [top, bottom) that grows; empty at first. */
export class Rect {
  left = Infinity;
  top = Infinity;
  right = -Infinity;
  bottom = -Infinity;

  static of(left, top, right, bottom) {
    const r = new Rect();
    r.left = left;
    r.top = top;
    r.right = right;
    r.bottom = bottom;
    return r;
  }

  get empty() {
    return this.left >= this.right || this.top >= this.bottom;
  }

  /** Takes in the run [from, to) of row y. */
  addSpan(y, from, to) {
    this.left = Math.min(this.left, from);
    this.right = Math.max(this.right, to);
    this.top = Math.min(this.top, y);
    this.bottom = Math.max(this.bottom, y + 1);
  }

  /** @param {Rect} other */
  add(other) {
    if (!other.empty) {
      this.left = Math.min(this.left, other.left);
      this.right = Math.max(this.right, other.right);
      this.top = Math.min(this.top, other.top);
      this.bottom = Math.max(this.bottom, other.bottom);
    }
  }
}
