import { make } from "../dom.js";
import { open } from "./dialog.js";

/** All keys, as the help shows them. */
const KEYS = [
  ["B E T R P", "brush, eraser, threshold brush, box, polygon"],
  ["H or Space held", "move the film; also the middle button or two fingers"],
  ["W", "window; also the right button: across for width, up and down for centre"],
  ["X", "switch between edit and keep mask"],
  ["[ ]", "smaller or larger brush; with Shift the soft edge"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
  ["+ - 0", "zoom in, out, fit; the wheel too"],
  ["F", "full screen"],
  ["1 to 5", "paint, before and after, result, difference, similarity"],
  ["G", "latent cells that the masks set"],
  ["Ctrl+Enter", "start"],
  ["Esc", "drop what is being drawn; else cancel the job"],
  [", .", "previous and next result"],
  ["Arrows", "on the film: move the cursor by a pixel, with Shift by ten; in Before | after, the slider"],
  ["Enter", "on the film: start and end a line or box, close a polygon"],
  ["Insert or D", "on the film: one dab, or a corner of a polygon"],
];

export function showHelp(about) {
  open("Help", [
    make("p", {}, "Drop a film, paint the edit mask (where to change) and the keep mask (what must stay), write what the edit mask should show, start. Keep wins where both are painted."),
    make("p", {}, "Masks are painted at the film's own pixels. A soft edge counts where it is above half: one stroke gives the mask of a hard brush, repeated strokes wear further."),
    make("table", { class: "keys" }, make("caption", { class: "visually-hidden" }, "Keys"), make("tbody", {}, ...KEYS.map(([k, what]) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, k)), make("td", {}, what))))),
    make("p", { class: "research" }, "Research use only, never for diagnosis or treatment. Results are synthetic and say so in their files."),
    make("p", { class: "muted" }, `RadEdit ${about?.version ?? ""}, backend ${about?.backend ?? "?"}. The interface for programs is described by `, make("a", { href: "/api/v1/openapi.json", target: "_blank" }, "openapi.json"), "."),
  ]);
}

/**
 * Keys of the page. Keys that people type into fields are left alone.
 *
 * @param {import("../app.js").App} app
 */
export function listen(app) {
  const { tools, view } = app;
  const typing = (e) => e.target instanceof HTMLElement && e.target.matches("input:not([type=checkbox], [type=range]), textarea, select");
  document.addEventListener("keydown", (e) => {
    if (document.querySelector("dialog[open]")) {
      return;
    }
    if ((e.ctrlKey || e.metaKey) && e.key === "Enter") {
      app.start();
      e.preventDefault();
      return;
    }
    if (typing(e)) {
      return;
    }
    if (e.ctrlKey || e.metaKey) {
      const key = e.key.toLowerCase();
      if (key === "z" || key === "y") {
        if (key === "y" || e.shiftKey) {
          app.redo();
        } else {
          app.undo();
        }
        e.preventDefault();
      }
      return;
    }
    if (e.altKey) {
      return;
    }
    const onFilm = document.activeElement === view.host;
    if (onFilm && filmKey(app, e) || pageKey(app, e)) {
      e.preventDefault();
    }
  });
  document.addEventListener("keyup", (e) => {
    if (e.key === " ") {
      tools.holdSpace(false);
    }
  });
  addEventListener("blur", () => tools.holdSpace(false));
}

function filmKey(app, e) {
  const { tools } = app;
  const far = e.shiftKey ? 10 : 1;
  const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
  if (arrow) {
    if (app.mode === "slider") {
      app.slideBy(arrow[0] * far / 100);
    } else {
      tools.moveBy(arrow[0] * far, arrow[1] * far);
      app.speakPlace();
    }
    return true;
  }
  switch (e.key) {
    case " ":
      tools.holdSpace(true);
      return true;
    case "Enter":
      tools.press(false);
      return true;
    case "Insert":
    case "d":
      tools.press(true);
      return true;
    default:
      return false;
  }
}

function pageKey(app, e) {
  const { tools, view } = app;
  const tool = { b: "brush", e: "eraser", t: "threshold", r: "box", p: "polygon", h: "pan", w: "window" }[e.key.toLowerCase()];
  if (tool && !e.shiftKey) {
    tools.choose(tool);
    return true;
  }
  const mode = ["paint", "slider", "result", "difference", "similarity"][Number(e.key) - 1];
  if (mode) {
    app.show(mode);
    return true;
  }
  switch (e.key) {
    case "x": tools.chooseRole(tools.role === "edit" ? "keep" : "edit"); return true;
    case "[": app.brushBy(-1, false); return true;
    case "]": app.brushBy(1, false); return true;
    case "{": app.brushBy(-1, true); return true;
    case "}": app.brushBy(1, true); return true;
    case "+": case "=": app.zoom(1.25); return true;
    case "-": app.zoom(0.8); return true;
    case "0": view.viewport.fit(); view.changed(); return true;
    case "f": app.fullScreen(); return true;
    case "g": app.toggleCells(); return true;
    case ",": app.history.step(-1); return true;
    case ".": app.history.step(1); return true;
    case "?": app.help(); return true;
    case "Escape":
      if (tools.busy) {
        tools.cancel();
      } else {
        app.jobPanel.cancel();
      }
      return true;
    default: return false;
  }
}
