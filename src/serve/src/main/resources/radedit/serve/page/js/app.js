import * as api from "./api.js";
import { find, later, number } from "./dom.js";
import { drawCells, drawPreview } from "./film/cells.js";
import { FilmSession } from "./film/session.js";
import { Tools } from "./film/tools.js";
import { FilmView, drawRaster } from "./film/view.js";
import { dragged } from "./film/window.js";
import { guarded, say, speak, tell } from "./ui/messages.js";
import { showHelp } from "./ui/keys.js";
import { Toolbar } from "./ui/toolbar.js";

/** The film on the screen, its masks, and what is shown of results. Requests are made by `Requests`. */
export class App extends EventTarget {
  /** @type {FilmSession | null} */
  session = null;
  /** @type {"paint" | "slider" | "result" | "difference" | "similarity"} */
  mode = "paint";
  /** @type {import("./film/compare.js").Comparison | null} */
  comparison = null;
  /** The latest preview of the running job, and the latent cells that it is of. @type {{image: ImageBitmap, cells: any} | null} */
  preview = null;
  /** Latent cells, if they are shown. @type {any} */
  cells = null;
  cellsWanted = false;
  /** @type {any} */
  about = null;
  /** @type {import("./ui/job-panel.js").JobPanel} */
  jobPanel = /** @type {any} */ (null);
  /** @type {import("./ui/history.js").History} */
  history = /** @type {any} */ (null);
  /** Starts what the side panel says. */
  start = () => {};

  constructor() {
    super();
    this.view = new FilmView(find("#view"));
    this.tools = new Tools(this.view);
    this.toolbar = new Toolbar(this);
    this.view.picture = (context, view) => this.#draw(context, view);
    this.view.marks.unshift((context, view, unit) => {
      if (this.cells && this.cellsWanted && this.mode === "paint") {
        drawCells(context, view, this.cells, unit);
      }
    });
    this.tools.addEventListener("window", (e) => {
      const { across, down } = /** @type {CustomEvent} */ (e).detail;
      const meaning = (this.mode === "paint" ? this.session?.raster : this.comparison?.after)?.meaning;
      if (meaning && this.window) {
        this.setWindow(dragged(this.window, meaning, across, down));
      }
    });
    this.tools.addEventListener("place", () => this.showPlace());
    this.askCells = later(250, guarded(() => this.#fetchCells()));
    this.#slide();
    addEventListener("pagehide", () => this.session?.flush());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) {
        this.session?.flush();
      }
    });
  }

  // The film

  /** @param {any} film as the server describes it */
  async openFilm(film) {
    find("#view").setAttribute("aria-busy", "true");
    try {
      const session = await FilmSession.open(film);
      this.session?.flush();
      this.session = session;
      this.tools.cancel();
      this.tools.session = session;
      this.comparison = null;
      this.preview = null;
      this.cells = null;
      this.view.masks = session.masks;
      session.addEventListener("mask", () => this.masksTouched());
      session.addEventListener("unsaved", () => say("The masks are kept in this browser; the server does not answer.", { kind: "warning", seconds: 10 }));
      const { slope, minimum, maximum } = film.pixels;
      this.toolbar.suit(film, Math.abs(slope) * (maximum - minimum));
      find("#drop").hidden = true;
      find("#film-name").textContent = film.name;
      find("#film-name").title = film.name;
      find("#view").setAttribute("aria-label", `Film ${film.name}, ${film.width} by ${film.height} pixels`);
      find("#s-film").textContent = [`${film.width} × ${film.height}`, film.format, film.photometric,
        film.spacing && `${number(film.spacing.column, 3)} mm`, film.frames > 1 && `frame ${film.frame} of ${film.frames}`].filter(Boolean).join(" · ");
      this.show("paint", true);
      this.masksTouched();
      this.toolbar.showWindow();
      this.dispatchEvent(new Event("film"));
    } finally {
      find("#view").removeAttribute("aria-busy");
    }
  }

  /** The windows to choose from, and the one that is shown. */
  get windows() {
    return this.mode === "paint" || this.comparison?.window === this.session?.window ? this.session?.film.windows ?? []
      : this.comparison ? [{ name: "as made", centre: 127.5, width: 255, function: "linear_exact" }] : [];
  }

  get window() {
    return this.mode === "paint" ? this.session?.window : this.comparison?.window;
  }

  setWindow(window) {
    const shared = this.comparison && this.comparison.window === this.session?.window;
    if (this.session && (this.mode === "paint" || shared)) {
      this.session.window = window;
    }
    if (this.comparison && (this.mode !== "paint" || shared)) {
      this.comparison.window = window;
    }
    this.view.pictureChanged();
    this.toolbar.showWindow();
  }

  // What is shown

  /**
   * @param {"paint" | "slider" | "result" | "difference" | "similarity"} mode
   * @param {boolean} [fit] whether the picture may lie elsewhere
   */
  show(mode, fit = false) {
    if (mode !== "paint" && !this.#possible(mode)) {
      return;
    }
    this.mode = mode;
    this.tools.painting = mode === "paint" && this.session !== null;
    this.tools.viewing = this.session !== null || this.comparison !== null;
    this.view.masks = mode === "paint" ? this.session?.masks ?? null : null;
    const port = this.view.viewport;
    const { width, height, aspect } = mode === "paint"
      ? { width: this.session?.film.width ?? 1, height: this.session?.film.height ?? 1, aspect: this.session?.film.pixel_aspect ?? 1 }
      : { width: this.comparison.after.width, height: this.comparison.after.height, aspect: this.comparison.aspect };
    if (fit || port.columns !== width || port.rows !== height) {
      port.show(width, height, aspect);
    }
    for (const m of ["slider", "result", "difference", "similarity"]) {
      find(`#modes [data-mode=${m}]`).disabled = !this.#possible(m);
    }
    this.toolbar.update();
    this.toolbar.showWindow();
    this.view.changed();
    this.dispatchEvent(new Event("mode"));
  }

  #possible(mode) {
    const c = this.comparison;
    return c !== null && (mode === "result" || mode === "similarity" && c.similarity !== null
      || ["slider", "difference"].includes(mode) && c.before !== null);
  }

  /** Shows a result, or none. */
  compare(comparison) {
    this.comparison = comparison;
    this.preview = null;
    find("#drop").hidden = this.session !== null || comparison !== null;
    this.show(comparison === null ? "paint" : this.#possible(this.mode) && this.mode !== "paint" ? this.mode
      : comparison.before ? "slider" : "result");
  }

  #draw(context, port) {
    if (this.mode !== "paint" && this.comparison) {
      this.comparison.draw(this.mode, context, port, this.view.unit);
      return;
    }
    if (this.session) {
      this.session.raster.draw(this.session.window);
      drawRaster(context, port, this.session.raster.canvas);
    }
    if (this.preview) {
      drawPreview(context, port, this.preview.image, this.preview.cells);
    }
  }

  /** The slider of before and after follows the pointer. */
  #slide() {
    const host = this.view.host;
    const move = (e) => {
      const p = this.view.viewport.pointAt(this.view.canvasPoint(e.clientX, e.clientY).x, 0);
      this.comparison.split = Math.min(1, Math.max(0, p.x / this.view.viewport.columns));
      this.view.pictureChanged();
    };
    host.addEventListener("pointerdown", (e) => {
      if (this.mode === "slider" && e.button === 0 && this.tools.present !== "window") {
        const x = this.view.canvasPoint(e.clientX, e.clientY).x;
        const at = this.view.viewport.toCanvas(this.comparison.split * this.view.viewport.columns, 0).x;
        if (Math.abs(x - at) < 28 * this.view.unit) {
          e.stopImmediatePropagation();
          host.setPointerCapture(e.pointerId);
          host.addEventListener("pointermove", move);
          host.addEventListener("lostpointercapture", () => host.removeEventListener("pointermove", move), { once: true });
        }
      }
    }, { capture: true });
  }

  slideBy(share) {
    if (this.comparison) {
      this.comparison.split = Math.min(1, Math.max(0, this.comparison.split + share));
      this.view.pictureChanged();
      speak(`${Math.round(100 * this.comparison.split)} percent before`);
    }
  }

  // Masks

  undo() {
    this.#moved(this.session?.undo(), "Nothing to undo");
  }

  redo() {
    this.#moved(this.session?.redo(), "Nothing to redo");
  }

  #moved(change, nothing) {
    if (change) {
      this.view.masksChanged(change.rect);
    } else {
      speak(nothing);
    }
  }

  /** To be called when masks have changed. */
  masksTouched() {
    this.view.masksChanged();
    this.toolbar.update();
    const { edit, keep } = this.session?.masks ?? { edit: null, keep: null };
    find("#s-masks").textContent = edit && keep ? `edit ${edit.count.toLocaleString("en")} px · keep ${keep.count.toLocaleString("en")} px` : "";
    if (this.cellsWanted) {
      this.askCells();
    }
    this.dispatchEvent(new Event("masks"));
  }

  toggleCells() {
    this.cellsWanted = !this.cellsWanted;
    find("#cells").setAttribute("aria-pressed", String(this.cellsWanted));
    this.cells = null;
    this.view.marksChanged();
    if (this.cellsWanted) {
      this.askCells();
    }
  }

  async #fetchCells() {
    const { session } = this;
    if (!session || session.masks.edit.count === 0) {
      this.cells = null;
      this.view.marksChanged();
      return;
    }
    const cells = await this.cellsOf(session);
    if (session === this.session) {
      this.cells = cells;
      find("#s-masks").textContent = `${cells.edit.length} cells edited, ${cells.keep.length} kept of ${cells.rows * cells.columns}`;
      cells.warnings.forEach((w) => say(w, { kind: "warning", seconds: 12 }));
      this.view.marksChanged();
    }
  }

  /** The latent cells that the masks set, with the options that matter. @type {(session: FilmSession) => Promise<any>} */
  cellsOf = async () => null;

  // Small things of the view

  zoom(factor) {
    const { viewport } = this.view;
    viewport.zoomTo(viewport.scale * factor);
    this.view.changed();
  }

  brushBy(step, soft) {
    this.toolbar.brushBy(step, soft);
  }

  async fullScreen() {
    try {
      await (document.fullscreenElement ? document.exitFullscreen() : find(".stage").requestFullscreen());
    } catch (e) {
      tell(e);
    }
  }

  help() {
    showHelp(this.about);
  }

  showPlace() {
    const { at } = this.tools;
    const raster = this.mode === "paint" ? this.session?.raster : this.comparison?.after;
    const place = find("#s-place");
    if (!at || !raster || !this.view.viewport.contains(at.x, at.y)) {
      place.textContent = "–";
      return;
    }
    const before = this.mode === "paint" ? null : this.comparison?.before;
    const value = number(raster.value(at.x, at.y));
    place.textContent = `${at.x}, ${at.y}: ${before ? `${number(before.value(at.x, at.y))} → ` : ""}${value}`;
  }

  speakPlace() {
    const { at } = this.tools;
    if (at && this.session && this.mode === "paint") {
      const masks = ["edit", "keep"].filter((r) => this.session?.masks[r].has(at.x, at.y));
      speak(`${at.x}, ${at.y}, ${number(this.session.raster.value(at.x, at.y))}${masks.length ? `, in ${masks.join(" and ")} mask` : ""}`);
    }
  }
}
