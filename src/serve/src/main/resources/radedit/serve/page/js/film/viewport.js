/**
 * Where a picture lies on a canvas. A picture's pixel (x, y) covers [left + x * scale, left + (x + 1) * scale) of the
 * canvas' own pixels, which are the screen's, not CSS pixels; likewise down, with the pixels' aspect.
 */
export class Viewport {
  /** Canvas pixels per picture pixel, across. */
  scale = 1;
  /** Canvas column at which the picture begins; whole, so that both grids have the same origin. */
  left = 0;
  top = 0;
  /** Size of the canvas in its pixels. */
  width = 1;
  height = 1;
  /** Size of the picture in its pixels. */
  columns = 1;
  rows = 1;
  /** Height of a picture's pixel over its width. */
  aspect = 1;

  get scaleY() {
    return this.scale * this.aspect;
  }

  /** Shows another picture, whole. */
  show(columns, rows, aspect) {
    this.columns = columns;
    this.rows = rows;
    this.aspect = aspect;
    this.fit();
  }

  /** Takes the canvas' size; what was in its middle stays there. */
  resize(width, height) {
    const fitted = this.isFitted();
    this.left += Math.round((width - this.width) / 2);
    this.top += Math.round((height - this.height) / 2);
    this.width = width;
    this.height = height;
    if (fitted) {
      this.fit();
    }
    this.#hold();
  }

  /** The scale at which the whole picture is seen. */
  get fittingScale() {
    return Math.min(this.width / this.columns, this.height / (this.rows * this.aspect));
  }

  fit() {
    this.scale = this.fittingScale;
    this.#centre();
    this.fitted = { scale: this.scale, left: this.left, top: this.top };
  }

  isFitted() {
    const f = this.fitted;
    return f !== undefined && f.scale === this.scale && f.left === this.left && f.top === this.top;
  }

  #centre() {
    this.left = Math.round((this.width - this.columns * this.scale) / 2);
    this.top = Math.round((this.height - this.rows * this.scaleY) / 2);
  }

  /** Changes the scale so that what is at (x, y) of the canvas stays there. */
  zoomTo(scale, x = this.width / 2, y = this.height / 2) {
    const least = Math.min(1, this.fittingScale) / 4;
    const wanted = Math.min(64, Math.max(least, scale));
    const factor = wanted / this.scale;
    this.scale = wanted;
    this.left = Math.round(x - (x - this.left) * factor);
    this.top = Math.round(y - (y - this.top) * factor);
    this.#hold();
  }

  pan(dx, dy) {
    this.left = Math.round(this.left + dx);
    this.top = Math.round(this.top + dy);
    this.#hold();
  }

  /** Keeps a corner of the picture on the canvas. */
  #hold() {
    const margin = 48;
    this.left = Math.min(this.width - margin, Math.max(margin - Math.round(this.columns * this.scale), this.left));
    this.top = Math.min(this.height - margin, Math.max(margin - Math.round(this.rows * this.scaleY), this.top));
  }

  /** The point of the picture, in its pixels, that is shown at a point of the canvas. */
  pointAt(x, y) {
    return { x: (x - this.left) / this.scale, y: (y - this.top) / this.scaleY };
  }

  /** The pixel that is shown at a point of the canvas; may lie outside the picture. */
  pixelAt(x, y) {
    const p = this.pointAt(x, y);
    return { x: Math.floor(p.x), y: Math.floor(p.y) };
  }

  /** The point of the canvas that shows a point of the picture. */
  toCanvas(x, y) {
    return { x: this.left + x * this.scale, y: this.top + y * this.scaleY };
  }

  contains(x, y) {
    return x >= 0 && y >= 0 && x < this.columns && y < this.rows;
  }

  /**
   * Canvas pixels that show a part of the picture, and one more on each side, for outlines.
   *
   * @param {import("../mask/rect.js").Rect} rect
   */
  cover(rect) {
    const left = Math.max(0, Math.floor(this.left + rect.left * this.scale) - 1);
    const top = Math.max(0, Math.floor(this.top + rect.top * this.scaleY) - 1);
    const right = Math.min(this.width, Math.ceil(this.left + rect.right * this.scale) + 1);
    const bottom = Math.min(this.height, Math.ceil(this.top + rect.bottom * this.scaleY) + 1);
    return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  }
}
