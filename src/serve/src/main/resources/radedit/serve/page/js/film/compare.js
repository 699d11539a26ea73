import * as api from "../api.js";
import { drawRaster } from "./view.js";
import { EIGHT_BITS, Raster } from "./raster.js";

/**
 * A result beside the film that it was made of, both of one size: the film's own for native results, else the model's.
 *
 * @typedef {{rows: number, columns: number, left: number, top: number, cell_width: number, cell_height: number, values: (number | null)[]}} Grid
 */
export class Comparison {
  /** Where the slider is, from 0 to 1 of the picture's width. */
  split = 0.5;
  /** Opacity of the map over the film. */
  opacity = 0.55;

  /**
   * @param {any} job
   * @param {any} result
   * @param {Raster} after
   * @param {Raster | null} before null for generated films
   * @param {Grid | null} similarity
   * @param {import("./window.js").Window} window at first
   */
  constructor(job, result, after, before, similarity, window) {
    Object.assign(this, { job, result, after, before, similarity, window });
    this.aspect = 1;
    /** Largest similarity in the map, either way, which is the scale of its colours. */
    this.extent = similarity ? similarity.values.reduce((m, v) => Math.max(m, Math.abs(v ?? 0)), 0.01) : 1;
  }

  /**
   * Fetches what is compared.
   *
   * @param {any} job
   * @param {any} result
   * @param {import("./session.js").FilmSession | null} session the open film; used if the result is one of it
   */
  static async open(job, result, session) {
    const { index, width, height } = result;
    const after = new Raster(width, height, await api.resultPixels(job.id, index), result.pixels);
    const own = result.native && session?.film.id === job.request.film
      && ["slope", "intercept", "inverted"].every((k) => session.film.pixels[k] === result.pixels[k]);
    let before = null;
    if (own) {
      before = session.raster;
    } else if (result.files.includes("before.png")) {
      before = await Raster.ofPicture(await api.resultBlob(job.id, index, "before.png"));
    }
    const similarity = result.files.includes("similarity.json") ? await api.resultJson(job.id, index, "similarity.json") : null;
    let shown = after;
    if (result.native && !own) {
      // Its film is not open, and 8 bits are compared with 8 bits.
      shown = await Raster.ofPicture(await api.resultBlob(job.id, index, "view.png"));
    }
    const comparison = new Comparison(job, result, shown, before, similarity, own ? session.window : { ...EIGHT_BITS });
    comparison.aspect = own ? session.film.pixel_aspect : 1;
    comparison.difference = before && new Difference(before, shown);
    return comparison;
  }

  /**
   * Draws it.
   *
   * @param {"slider" | "result" | "difference" | "similarity"} mode
   */
  draw(mode, context, view, unit) {
    this.after.draw(this.window);
    this.before?.draw(this.window);
    if (mode === "slider" && this.before) {
      drawRaster(context, view, this.before.canvas);
      const x = Math.round(view.left + this.split * view.columns * view.scale);
      context.save();
      context.beginPath();
      context.rect(x, 0, view.width, view.height);
      context.clip();
      drawRaster(context, view, this.after.canvas);
      context.restore();
      this.#slider(context, view, unit, x);
    } else if (mode === "difference" && this.difference) {
      drawRaster(context, view, this.before.canvas);
      context.globalAlpha = this.opacity + 0.25;
      drawRaster(context, view, this.difference.canvas(this.window.width));
      context.globalAlpha = 1;
    } else {
      drawRaster(context, view, this.after.canvas);
      if (mode === "similarity" && this.similarity) {
        this.#similarity(context, view);
      }
    }
  }

  #slider(context, view, unit, x) {
    const y = view.height / 2;
    context.fillStyle = "rgb(0 0 0 / 55%)";
    context.fillRect(x - 2 * unit, 0, 4 * unit, view.height);
    context.fillStyle = "#e8ecf0";
    context.fillRect(x - unit, 0, 2 * unit, view.height);
    context.beginPath();
    context.arc(x, y, 15 * unit, 0, 7);
    context.fill();
    context.strokeStyle = "#12161c";
    context.lineWidth = 2 * unit;
    context.beginPath();
    for (const side of [-1, 1]) {
      context.moveTo(x + side * 4 * unit, y - 5 * unit);
      context.lineTo(x + side * 9 * unit, y);
      context.lineTo(x + side * 4 * unit, y + 5 * unit);
    }
    context.stroke();
    context.font = `600 ${12 * unit}px system-ui, sans-serif`;
    context.textBaseline = "top";
    for (const [text, side] of /** @type {[string, number][]} */ ([["before", -1], ["after", 1]])) {
      const w = context.measureText(text).width;
      const at = side < 0 ? x - w - 12 * unit : x + 12 * unit;
      context.fillStyle = "rgb(0 0 0 / 60%)";
      context.fillRect(at - 5 * unit, 8 * unit, w + 10 * unit, 20 * unit);
      context.fillStyle = "#e8ecf0";
      context.fillText(text, at, 12 * unit);
    }
  }

  #similarity(context, view) {
    const { columns, rows, left, top, cell_width: w, cell_height: h, values } = this.similarity;
    if (!this.map) {
      this.map = new OffscreenCanvas(columns, rows);
      const image = new ImageData(columns, rows);
      values.forEach((v, i) => image.data.set(v === null ? [0, 0, 0, 0] : diverging(v, this.extent), 4 * i));
      /** @type {any} */ (this.map.getContext("2d")).putImageData(image, 0, 0);
    }
    const a = view.toCanvas(left, top);
    context.globalAlpha = this.opacity;
    context.imageSmoothingEnabled = true;
    context.drawImage(this.map, a.x, a.y, columns * w * view.scale, rows * h * view.scaleY);
    context.globalAlpha = 1;
  }
}

/** After minus before, of pictures whose samples mean the same. */
class Difference {
  /** @param {Raster} before @param {Raster} after */
  constructor(before, after) {
    this.before = before;
    this.after = after;
    const a = before.samples;
    const b = after.samples;
    this.changed = 0;
    let largest = 0;
    for (let i = 0; i < a.length; i++) {
      if (a[i] !== b[i]) {
        this.changed++;
        largest = Math.max(largest, Math.abs(b[i] - a[i]));
      }
    }
    /** In the film's values. */
    this.largest = largest * Math.abs(before.meaning.slope);
    this.pixels = a.length;
  }

  /**
   * Blue where it became darker, red where brighter; clear where nothing changed.
   *
   * @param {number} width of the window, which is the full scale
   */
  canvas(width) {
    if (this.drawn && this.width === width) {
      return this.drawn;
    }
    const { before, after } = this;
    this.width = width;
    this.drawn ??= Object.assign(document.createElement("canvas"), { width: before.width, height: before.height });
    const image = new ImageData(before.width, before.height);
    const sign = before.meaning.slope * (before.meaning.inverted ? -1 : 1);
    for (let i = 0; i < before.samples.length; i++) {
      const d = after.samples[i] - before.samples[i];
      if (d !== 0) {
        image.data.set(diverging(d * sign, width / 2), 4 * i);
      }
    }
    /** @type {any} */ (this.drawn.getContext("2d")).putImageData(image, 0, 0);
    return this.drawn;
  }
}

/** Blue below 0, red above, more opaque farther from it; safe for all colour vision. */
export function diverging(v, scale) {
  const t = Math.max(-1, Math.min(1, v / scale));
  const alpha = Math.round(255 * Math.min(1, 0.15 + 1.1 * Math.abs(t)));
  return t < 0 ? [60, 130, 245, alpha] : [250, 85, 45, alpha];
}
