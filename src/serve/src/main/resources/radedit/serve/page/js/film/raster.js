import { greys } from "./window.js";

/** A grey picture with 16-bit samples, drawn through a window into a canvas of its own size. */
export class Raster {
  /**
   * @param {number} width
   * @param {number} height
   * @param {Uint16Array} samples row by row
   * @param {import("./window.js").Meaning & {unit?: string}} meaning
   */
  constructor(width, height, samples, meaning) {
    this.width = width;
    this.height = height;
    this.samples = samples;
    this.meaning = meaning;
    this.canvas = document.createElement("canvas");
    this.canvas.width = width;
    this.canvas.height = height;
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) {
      throw new Error("this browser has no memory left for a picture of this size");
    }
    this.context = context;
    /** @type {string} */
    this.drawn = "";
  }

  /** The value of a pixel, in the film's values. */
  value(x, y) {
    return this.meaning.slope * this.samples[y * this.width + x] + this.meaning.intercept;
  }

  /**
   * Draws the picture through a window, unless it already is.
   *
   * @param {import("./window.js").Window} window
   */
  draw(window) {
    const key = `${window.centre} ${window.width} ${window.function}`;
    if (key === this.drawn) {
      return;
    }
    this.drawn = key;
    const grey = greys(this.meaning, window);
    const colours = new Uint32Array(65536);
    for (let s = 0; s < 65536; s++) {
      colours[s] = 0xFF000000 | grey[s] * 0x010101;
    }
    // In strips, so that a large film does not need its size again in four bytes a pixel.
    const strip = Math.max(1, Math.min(this.height, Math.floor((1 << 20) / this.width)));
    const image = new ImageData(this.width, strip);
    const pixels = new Uint32Array(image.data.buffer);
    for (let top = 0; top < this.height; top += strip) {
      const rows = Math.min(strip, this.height - top);
      const from = top * this.width;
      for (let i = 0; i < rows * this.width; i++) {
        pixels[i] = colours[this.samples[from + i]];
      }
      this.context.putImageData(image, 0, top, 0, 0, this.width, rows);
    }
  }

  /** An 8-bit picture that the browser decodes. */
  static async ofPicture(blob) {
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const samples = new Uint16Array(bitmap.width * bitmap.height);
    for (let i = 0; i < samples.length; i++) {
      samples[i] = data[4 * i];
    }
    return new Raster(bitmap.width, bitmap.height, samples,
      { slope: 1, intercept: 0, minimum: 0, maximum: 255, inverted: false });
  }
}

/** The window of pictures that are drawn as they are. */
export const EIGHT_BITS = { name: "8 bits", centre: 127.5, width: 255, function: /** @type {const} */ ("linear_exact") };
