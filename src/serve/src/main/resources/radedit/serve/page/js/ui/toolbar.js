import { find, number } from "../dom.js";

/** Sizes of the brush: odd, finer where small. */
export const SIZES = [...range(1, 41, 2), ...range(45, 121, 4), ...range(131, 401, 10), ...range(431, 1001, 30)];

/** The controls over and beside the film: tools, masks, brush, window, zoom, what to show. */
export class Toolbar {
  /** @param {import("../app.js").App} app */
  constructor(app) {
    this.app = app;
    const { tools, view } = app;
    radios("#modes", (b) => app.show(b.dataset.mode));
    radios("#roles", (b) => tools.chooseRole(b.dataset.role));
    for (const b of document.querySelectorAll("#tools [data-tool]")) {
      b.addEventListener("click", () => tools.choose(/** @type {any} */ (b).dataset.tool));
    }
    arrows(find("#tools"), "button:not(:disabled)", "vertical");
    find("#undo").addEventListener("click", () => app.undo());
    find("#redo").addEventListener("click", () => app.redo());
    this.size = find("#size");
    this.size.max = SIZES.length - 1;
    this.soft = find("#soft");
    this.size.addEventListener("input", () => this.#brush());
    this.soft.addEventListener("input", () => this.#brush());
    find("#tolerance").addEventListener("input", (e) => tools.brush.tolerance = Number(e.target.value));
    find("#erase").addEventListener("change", (e) => tools.erase = e.target.checked);
    find("#opacity").addEventListener("input", (e) => {
      view.style.opacity = e.target.value / 100;
      view.masksChanged();
    });
    find("#cells").addEventListener("click", () => app.toggleCells());
    find("#zoom-in").addEventListener("click", () => app.zoom(1.25));
    find("#zoom-out").addEventListener("click", () => app.zoom(0.8));
    find("#zoom-fit").addEventListener("click", () => {
      view.viewport.fit();
      view.changed();
    });
    find("#full").addEventListener("click", () => app.fullScreen());
    find("#window").addEventListener("change", (e) => {
      const chosen = app.windows[Number(e.target.value)];
      if (chosen) {
        app.setWindow({ ...chosen });
      }
    });
    for (const id of ["#centre", "#width"]) {
      find(id).addEventListener("change", () => {
        const [centre, width] = [Number(find("#centre").value), Number(find("#width").value)];
        if (Number.isFinite(centre) && width > 0) {
          app.setWindow({ ...app.window, name: "own", centre, width });
        }
      });
    }
    tools.addEventListener("tool", () => this.update());
    view.addEventListener("view", () => this.showZoom());
    this.update();
  }

  /** Takes a brush that suits a film. */
  suit(film, range) {
    const wanted = Math.max(5, Math.round(Math.min(film.width, film.height) / 14));
    this.size.value = SIZES.findIndex((s) => s >= wanted);
    this.app.tools.brush.tolerance = Number((range / 20).toPrecision(2));
    find("#tolerance").value = this.app.tools.brush.tolerance;
    this.#brush();
  }

  brushBy(step, soft) {
    const slider = soft ? this.soft : this.size;
    slider.value = Number(slider.value) + step;
    this.#brush();
  }

  #brush() {
    const { tools, view } = this.app;
    tools.brush.size = SIZES[Number(this.size.value)];
    tools.brush.soft = Number(this.soft.value);
    find("#size-value").value = `${tools.brush.size} px`;
    find("#soft-value").value = tools.brush.soft === 0 ? "hard" : `${tools.brush.soft} px`;
    this.size.setAttribute("aria-valuetext", `${tools.brush.size} pixels`);
    view.marksChanged();
  }

  /** Shows the present tool, mask and mode. */
  update() {
    const { tools, mode, session } = this.app;
    for (const b of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#tools [data-tool]"))) {
      b.setAttribute("aria-pressed", String(b.dataset.tool === tools.tool));
    }
    check("#roles", "role", tools.role);
    check("#modes", "mode", mode);
    for (const e of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#tool-strip [data-for]"))) {
      e.hidden = !e.dataset.for?.split(" ").includes(tools.tool);
    }
    find("#tool-strip").hidden = mode !== "paint";
    find("#undo").disabled = !session?.undoing.canUndo;
    find("#redo").disabled = !session?.undoing.canRedo;
    const host = this.app.view.host;
    host.dataset.tool = tools.present;
    host.dataset.mode = mode;
  }

  showZoom() {
    const { viewport, unit, unitY } = this.app.view;
    find("#zoom-fit").textContent = this.app.session ? `${number(100 * viewport.scale, 3)} %` : "fit";
    const d = this.app.view.host.dataset; // where the film lies, for whoever looks from outside
    d.left = String(viewport.left / unit);
    d.top = String(viewport.top / unitY);
    d.scale = String(viewport.scale / unit);
    d.scaleY = String(viewport.scaleY / unitY);
  }

  showWindow() {
    const { windows, window } = this.app;
    const select = find("#window");
    const names = windows.map((w) => w.name);
    if (select.dataset.names !== JSON.stringify(names)) {
      select.dataset.names = JSON.stringify(names);
      select.replaceChildren(...names.map((n, i) => new Option(n, String(i))), new Option("own", "own"));
    }
    const i = windows.findIndex((w) => w.centre === window?.centre && w.width === window?.width && w.function === window?.function);
    select.value = i < 0 ? "own" : String(i);
    for (const e of [select, find("#centre"), find("#width")]) {
      e.disabled = !window;
    }
    if (window) {
      find("#centre").value = number(window.centre, 5);
      find("#width").value = number(window.width, 5);
    }
  }
}

function check(group, key, value) {
  for (const b of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(`${group} [role=radio]`))) {
    const is = b.dataset[key] === value;
    b.setAttribute("aria-checked", String(is));
    b.tabIndex = is ? 0 : -1;
  }
}

/** Buttons of which one is chosen, with arrow keys, as radio buttons have them. */
export function radios(group, choose) {
  const host = find(group);
  host.addEventListener("click", (e) => {
    const b = e.target.closest("[role=radio]");
    if (b && !b.disabled) {
      choose(b);
    }
  });
  arrows(host, "[role=radio]:not(:disabled)", "horizontal", choose);
}

/** Moves the focus among buttons with arrow keys. */
export function arrows(host, selector, direction, choose = (_) => {}) {
  host.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (!step || direction === "vertical" && ["ArrowLeft", "ArrowRight"].includes(e.key)) {
      return;
    }
    const all = [...host.querySelectorAll(selector)];
    const i = all.indexOf(document.activeElement);
    if (i >= 0) {
      const next = all[(i + step + all.length) % all.length];
      next.focus();
      choose(next);
      e.preventDefault();
      e.stopPropagation();
    }
  });
}

function range(from, to, step) {
  return Array.from({ length: (to - from) / step + 1 }, (_, k) => from + k * step);
}
