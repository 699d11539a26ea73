import { drawMarks } from "./marks.js";

/**
 * What the pointer and the keyboard do to the film: tools paint on masks, move the view and set the window. Positions
 * are whole pixels of the film from the start, so that a stroke means the same at any zoom.
 */
export class Tools extends EventTarget {
  tool = "brush";
  /** @type {import("./session.js").Role} */
  role = "edit";
  brush = { size: 41, soft: 0, tolerance: 0 };
  erase = false;
  /** @type {import("./session.js").FilmSession | null} */
  session = null;
  /** Whether masks may be painted; not while results are compared. */
  painting = true;
  /** Whether there is anything to move and scale. */
  viewing = false;
  /** The pixel under the pointer or the keyboard's cursor. @type {{x: number, y: number} | null} */
  at = null;
  /** Whether the keyboard moves the cursor. */
  byKeys = false;

  /** @type {any} */
  #action = null;
  /** Corners of a polygon being drawn, in pixels of the film. @type {number[]} */
  #corners = [];
  #touches = new Map();
  #space = false;

  /** @param {import("./view.js").FilmView} view */
  constructor(view) {
    super();
    this.view = view;
    const host = view.host;
    host.addEventListener("pointerdown", (e) => this.#down(e));
    host.addEventListener("pointermove", (e) => this.#move(e));
    host.addEventListener("pointerup", (e) => this.#up(e));
    host.addEventListener("pointercancel", (e) => this.#up(e));
    host.addEventListener("pointerleave", () => this.#place(null));
    host.addEventListener("lostpointercapture", (e) => this.#up(e));
    host.addEventListener("dblclick", (e) => this.#doubled(e));
    host.addEventListener("contextmenu", (e) => e.preventDefault());
    host.addEventListener("wheel", (e) => this.#wheel(e), { passive: false });
    view.marks.push((context, port, unit) => {
      if (this.session && this.painting) {
        drawMarks(context, port, unit, this, this.#corners, this.#action?.kind === "box" ? this.#action : null);
      }
    });
  }

  /** The tool that the pointer has now. */
  get present() {
    return this.#space || !this.painting && this.tool !== "window" ? "pan" : this.tool;
  }

  choose(tool) {
    this.cancel();
    this.tool = tool;
    this.dispatchEvent(new Event("tool"));
    this.view.marksChanged();
  }

  chooseRole(role) {
    this.cancel();
    this.role = role;
    this.dispatchEvent(new Event("tool"));
    this.view.marksChanged();
  }

  /** While the space bar is held, the pointer moves the film. */
  holdSpace(held) {
    if (this.#space !== held) {
      this.#space = held;
      this.dispatchEvent(new Event("tool"));
    }
  }

  /** Ends what is being drawn; nothing of it stays. */
  cancel() {
    const action = this.#action;
    this.#action = null;
    this.#corners = [];
    if (action?.role && this.session) {
      const mask = this.session.masks[action.role];
      const delta = mask.end();
      if (delta) {
        mask.apply(delta);
      }
      this.view.masksChanged();
    }
    this.view.marksChanged();
  }

  #down(e) {
    if (!this.viewing) {
      return;
    }
    this.view.host.focus({ preventScroll: true });
    this.byKeys = false;
    if (e.pointerType === "touch") {
      this.#touches.set(e.pointerId, { x: e.clientX, y: e.clientY });
      if (this.#touches.size === 2) {
        this.cancel(); // two fingers move and scale; what the first began to paint goes
        this.#action = { kind: "pinch", ...this.#pinch() };
        return;
      }
    }
    if (this.#action) {
      return;
    }
    const point = this.view.canvasPoint(e.clientX, e.clientY);
    const pixel = this.view.viewport.pixelAt(point.x, point.y);
    const kind = e.button === 1 ? "pan" : e.button === 2 ? "window" : this.present;
    this.view.host.setPointerCapture(e.pointerId);
    this.#begin(kind, pixel, point, e);
    e.preventDefault();
  }

  #begin(kind, pixel, point, e) {
    const pointer = e.pointerId;
    const { x, y } = pixel;
    switch (kind) {
      case "pan":
      case "window":
        this.#action = { kind, pointer, last: point };
        break;
      case "box":
        this.#action = { kind, pointer, role: this.role, from: pixel, to: pixel };
        break;
      case "polygon":
        if (this.#closes(point)) {
          this.finishPolygon();
        } else {
          const p = this.view.viewport.pointAt(point.x, point.y);
          this.#corners.push(quarter(p.x), quarter(p.y));
        }
        break;
      default: {
        const erase = kind === "eraser" || this.erase || e.pointerType === "pen" && (e.buttons & 32) !== 0;
        this.#action = { kind: "stroke", pointer, role: this.role, last: pixel, brush: this.#brushAt(kind, x, y, erase) };
        this.#stroke(pixel);
      }
    }
    this.view.marksChanged();
  }

  /** The brush of a stroke that begins at a pixel. */
  #brushAt(kind, x, y, erase) {
    const { size, soft, tolerance } = this.brush;
    const brush = { size, soft, erase };
    const { raster } = this.session;
    if (kind !== "threshold") {
      return brush;
    }
    const cx = Math.min(raster.width - 1, Math.max(0, x));
    const cy = Math.min(raster.height - 1, Math.max(0, y));
    const { slope, intercept } = raster.meaning;
    const value = raster.value(cx, cy);
    const { samples } = raster;
    return { ...brush, accept: (i) => Math.abs(slope * samples[i] + intercept - value) <= tolerance };
  }

  #stroke(pixel) {
    const { last, brush, role } = this.#action;
    this.#action.last = pixel;
    this.view.masksChanged(this.session.masks[role].stroke(last.x, last.y, pixel.x, pixel.y, brush));
  }

  #move(e) {
    if (!this.viewing) {
      return;
    }
    if (this.#touches.has(e.pointerId)) {
      this.#touches.set(e.pointerId, { x: e.clientX, y: e.clientY });
    }
    const action = this.#action;
    if (action?.kind === "pinch") {
      this.#pinched(action);
      return;
    }
    const point = this.view.canvasPoint(e.clientX, e.clientY);
    const pixel = this.view.viewport.pixelAt(point.x, point.y);
    if (action && action.pointer === e.pointerId) {
      switch (action.kind) {
        case "stroke":
          for (const c of (e.getCoalescedEvents?.() ?? []).slice(0, -1)) { // the last is the event itself
            const p = this.view.canvasPoint(c.clientX, c.clientY);
            this.#stroke(this.view.viewport.pixelAt(p.x, p.y));
          }
          this.#stroke(pixel);
          break;
        case "box":
          action.to = pixel;
          break;
        case "pan":
          this.view.viewport.pan(point.x - action.last.x, point.y - action.last.y);
          action.last = point;
          this.view.changed();
          break;
        case "window":
          this.dispatchEvent(new CustomEvent("window", { detail: {
            across: (point.x - action.last.x) / this.view.viewport.width,
            down: (point.y - action.last.y) / this.view.viewport.height,
          } }));
          action.last = point;
          break;
      }
    }
    this.byKeys = false;
    this.#place(pixel);
  }

  #up(e) {
    this.#touches.delete(e.pointerId);
    const action = this.#action;
    if (action?.kind === "pinch") {
      if (this.#touches.size === 0) {
        this.#action = null;
      }
      return;
    }
    if (!action || action.pointer !== e.pointerId) {
      return;
    }
    this.#action = null;
    if (e.type === "pointercancel" && action.role) {
      this.#action = action;
      this.cancel();
      return;
    }
    this.#finish(action);
  }

  #finish(action) {
    if (action.kind === "box") {
      const { from, to, role } = action;
      this.view.masksChanged(this.session.masks[role].box(from.x, from.y, to.x, to.y, this.erase));
    }
    if (action.role) {
      this.session.commit(action.role);
    }
    this.view.marksChanged();
  }

  #doubled(e) {
    if (this.present === "polygon" && this.#corners.length >= 6) {
      this.finishPolygon();
      e.preventDefault();
    }
  }

  /** Fills the polygon that is being drawn. */
  finishPolygon() {
    const corners = withoutRepeats(this.#corners);
    this.#corners = [];
    if (corners.length >= 6 && this.session) {
      this.view.masksChanged(this.session.masks[this.role].polygon(corners, this.erase));
      this.session.commit(this.role);
    }
    this.view.marksChanged();
  }

  /** Whether a point of the canvas is on the first corner of the polygon. */
  #closes(point) {
    if (this.#corners.length < 6) {
      return false;
    }
    const first = this.view.viewport.toCanvas(this.#corners[0], this.#corners[1]);
    return Math.hypot(first.x - point.x, first.y - point.y) < 8 * this.view.unit;
  }

  #wheel(e) {
    if (!this.viewing) {
      return;
    }
    e.preventDefault();
    const point = this.view.canvasPoint(e.clientX, e.clientY);
    const lines = e.deltaMode === 1 ? 30 : e.deltaMode === 2 ? 300 : 1;
    const { viewport } = this.view;
    viewport.zoomTo(viewport.scale * Math.exp(-e.deltaY * lines / 500), point.x, point.y);
    this.view.changed();
    this.#place(viewport.pixelAt(point.x, point.y));
  }

  #pinch() {
    const [a, b] = [...this.#touches.values()].map((t) => this.view.canvasPoint(t.x, t.y));
    return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, spread: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) };
  }

  #pinched(action) {
    if (this.#touches.size < 2) {
      return;
    }
    const { middle, spread } = this.#pinch();
    const { viewport } = this.view;
    viewport.pan(middle.x - action.middle.x, middle.y - action.middle.y);
    viewport.zoomTo(viewport.scale * spread / action.spread, middle.x, middle.y);
    action.middle = middle;
    action.spread = spread;
    this.view.changed();
  }

  // The keyboard's cursor

  /** Moves the cursor; a line or box that was begun follows. */
  moveBy(dx, dy) {
    if (!this.session) {
      return;
    }
    const { columns, rows } = this.view.viewport;
    const from = this.at ?? { x: columns >> 1, y: rows >> 1 };
    const to = { x: Math.min(columns - 1, Math.max(0, from.x + dx)), y: Math.min(rows - 1, Math.max(0, from.y + dy)) };
    this.byKeys = true;
    if (this.#action?.keys && this.#action.kind === "stroke") {
      this.#stroke(to);
    } else if (this.#action?.keys) {
      this.#action.to = to;
    }
    this.#place(to);
  }

  /** Starts or ends a line or box at the cursor, or sets a corner (`more`) or closes a polygon. */
  press(more) {
    if (!this.session || !this.at || !this.painting) {
      return;
    }
    const { x, y } = this.at;
    if (this.#action?.keys) {
      const action = this.#action;
      this.#action = null;
      this.#finish(action);
    } else if (this.tool === "polygon") {
      if (more) {
        this.#corners.push(x + 0.5, y + 0.5);
      } else {
        this.finishPolygon();
      }
    } else if (["brush", "eraser", "threshold", "box"].includes(this.tool)) {
      this.#begin(this.tool, this.at, this.view.viewport.toCanvas(x, y), { pointerId: "keys", pointerType: "keys", buttons: 0 });
      this.#action.keys = true;
      if (more && this.tool !== "box") {
        const action = this.#action;
        this.#action = null;
        this.#finish(action); // a single dab
      }
    }
    this.view.marksChanged();
  }

  /** Whether a shape or line is being drawn. */
  get busy() {
    return this.#action !== null || this.#corners.length > 0;
  }

  #place(pixel) {
    this.at = pixel;
    this.dispatchEvent(new Event("place"));
    this.view.marksChanged();
  }
}

/** Corners lie on quarters of a pixel, so that the mask can be written as `polygon:` in a command line. */
function quarter(v) {
  return Math.round(v * 4) / 4;
}

/** A double click sets its corner twice. */
function withoutRepeats(points) {
  const out = [];
  for (let i = 0; i < points.length; i += 2) {
    if (i === 0 || points[i] !== points[i - 2] || points[i + 1] !== points[i - 1]) {
      out.push(points[i], points[i + 1]);
    }
  }
  return out;
}
