import { drawMasks } from "./overlay.js";
import { Rect } from "../mask/rect.js";
import { Viewport } from "./viewport.js";

/**
 * Shows a picture, masks over it and marks over these, each on a canvas of its own, so that painting redraws only what
 * changed of the masks. Drawing waits for the next frame.
 */
export class FilmView extends EventTarget {
  viewport = new Viewport();
  /** @type {((context: CanvasRenderingContext2D, view: Viewport) => void) | null} */
  picture = null;
  /** @type {((context: CanvasRenderingContext2D, view: Viewport, unit: number) => void)[]} */
  marks = [];
  /** @type {{edit: import("../mask/mask.js").Mask, keep: import("../mask/mask.js").Mask} | null} */
  masks = null;
  style = { opacity: 0.45, shown: { edit: true, keep: true } };

  #dirty = { picture: true, masks: /** @type {Rect | "all" | null} */ ("all"), marks: true };
  #frame = 0;

  /** @param {HTMLElement} host an element that is positioned and clips */
  constructor(host) {
    super();
    this.host = host;
    const layer = (name, alpha) => {
      const canvas = document.createElement("canvas");
      canvas.className = `layer ${name}`;
      canvas.setAttribute("aria-hidden", "true");
      host.append(canvas);
      return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha }));
    };
    this.layers = { picture: layer("picture", false), masks: layer("masks", true), marks: layer("marks", true) };
    const observer = new ResizeObserver((entries) => this.#resize(entries[0]));
    try {
      observer.observe(host, { box: "device-pixel-content-box" });
    } catch {
      observer.observe(host); // a browser that does not tell; sizes may be off by one pixel of the screen
    }
  }

  /** Canvas pixels per CSS pixel. */
  get unit() {
    return this.viewport.width / Math.max(1, this.host.getBoundingClientRect().width);
  }

  /** The same downwards; it differs by less than a pixel in a height where the page is scaled by a fraction. */
  get unitY() {
    return this.viewport.height / Math.max(1, this.host.getBoundingClientRect().height);
  }

  #resize(entry) {
    const exact = entry.devicePixelContentBoxSize?.[0];
    const width = Math.max(1, exact?.inlineSize ?? Math.round(entry.contentRect.width * devicePixelRatio));
    const height = Math.max(1, exact?.blockSize ?? Math.round(entry.contentRect.height * devicePixelRatio));
    for (const { canvas } of Object.values(this.layers)) {
      canvas.width = width;
      canvas.height = height;
    }
    this.viewport.resize(width, height);
    this.changed();
  }

  /** A point of the window in the canvas' pixels, under any scaling of the page. */
  canvasPoint(clientX, clientY) {
    const box = this.layers.marks.canvas.getBoundingClientRect();
    return {
      x: (clientX - box.left) * this.viewport.width / box.width,
      y: (clientY - box.top) * this.viewport.height / box.height,
    };
  }

  /** Everything has to be drawn again: another picture, place or scale. */
  changed() {
    this.#dirty = { picture: true, masks: "all", marks: true };
    this.#request();
    this.dispatchEvent(new Event("view"));
  }

  pictureChanged() {
    this.#dirty.picture = true;
    this.#request();
  }

  /** @param {Rect} [rect] pixels of the film that changed; all if left out */
  masksChanged(rect) {
    if (!rect || this.#dirty.masks === "all") {
      this.#dirty.masks = "all";
    } else if (!rect.empty) {
      this.#dirty.masks ??= new Rect();
      this.#dirty.masks.add(rect);
    }
    this.#request();
  }

  marksChanged() {
    this.#dirty.marks = true;
    this.#request();
  }

  #request() {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#draw();
      });
    }
  }

  #draw() {
    const view = this.viewport;
    const dirty = this.#dirty;
    this.#dirty = { picture: false, masks: null, marks: false };
    const { picture, masks, marks } = this.layers;
    if (dirty.picture) {
      picture.fillStyle = "#000";
      picture.fillRect(0, 0, view.width, view.height);
      this.picture?.(picture, view);
    }
    if (dirty.masks) {
      const area = dirty.masks === "all" ? { left: 0, top: 0, width: view.width, height: view.height }
        : view.cover(dirty.masks);
      if (this.masks) {
        const pitch = Math.max(4, Math.round(9 * this.unit));
        drawMasks(masks, view, this.masks, area, { ...this.style, pitch });
      } else {
        masks.clearRect(area.left, area.top, area.width, area.height);
      }
    }
    if (dirty.marks) {
      marks.clearRect(0, 0, view.width, view.height);
      const unit = this.unit;
      for (const mark of this.marks) {
        marks.save();
        mark(marks, view, unit);
        marks.restore();
      }
    }
  }
}

/** Draws a picture at its place: enlarged, each pixel is a square; reduced, pixels are averaged. */
export function drawRaster(context, view, canvas) {
  context.imageSmoothingEnabled = view.scale < 2;
  context.imageSmoothingQuality = "medium";
  context.drawImage(canvas, view.left, view.top, view.columns * view.scale, view.rows * view.scaleY);
}
