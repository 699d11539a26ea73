import * as api from "./api.js";
import { find, later, make } from "./dom.js";
import { Comparison } from "./film/compare.js";
import * as store from "./store.js";
import { EditForm, GenerationForm, ScoreForm } from "./ui/forms.js";
import { History } from "./ui/history.js";
import { JobPanel } from "./ui/job-panel.js";
import { guarded, say, speak, tell } from "./ui/messages.js";
import { Outcome } from "./ui/outcome.js";
import { arrows } from "./ui/toolbar.js";

/** @typedef {"edit" | "generation" | "score"} Kind */

const START = { edit: "Edit film", generation: "Generate film", score: "Score film" };
/** Options of an edit on which the latent cells depend. */
const CELL_OPTIONS = ["invert_edit_mask", "grow_edit_mask", "free_band", "mask_rule", "keep_rule", "fit", "size"];

/** The side panel: makes requests of the forms, follows jobs, shows results. */
export class Requests {
  /** @type {Kind} */
  kind = "edit";
  /** The latent cells of the running job, which say where its previews lie on the film. @type {any} */
  #place = null;
  #starting = false;

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    const { options, model } = app.about;
    const changed = () => this.#changed();
    this.forms = {
      edit: new EditForm(app, find("#panel-edit"), options.edit, changed),
      generation: new GenerationForm(find("#panel-generation"), options.generation, changed),
      score: new ScoreForm(find("#panel-score"), options.score, changed, model.scores),
    };
    this.saveForm = later(300, () => store.keepForm(this.#values));
    this.jobPanel = app.jobPanel = new JobPanel();
    this.history = app.history = new History();
    this.outcome = new Outcome();
    app.start = guarded(() => this.start());
    app.cellsOf = (session) => this.#cells(session);
    this.#restoreForm();
    this.#tabs();
    find("#start").addEventListener("click", () => app.start());
    find("#command").addEventListener("click", guarded(() => this.copyCommand()));
    app.addEventListener("masks", () => {
      this.forms.edit.masks.update();
      this.#showProblem(null);
      this.#update();
    });
    app.addEventListener("film", () => this.#filmOpened());
    app.addEventListener("mode", () => this.#compareStrip());
    this.#followEvents();
    this.#update();
  }

  #followEvents() {
    const { jobPanel, history, outcome, app } = this;
    const on = (target, name, body) => target.addEventListener(name, guarded((e) => body(e.detail)));
    on(jobPanel, "job", (job) => history.put(job));
    on(jobPanel, "preview", (p) => this.#preview(p));
    on(jobPanel, "over", (job) => this.#over(job));
    on(jobPanel, "again", (job) => this.again(job));
    on(history, "again", (job) => this.again(job));
    on(history, "choose", ({ job, result }) => this.choose(job, result));
    on(outcome, "close", () => this.close());
    on(outcome, "further", async ({ job, result }) => {
      await app.openFilm(await api.resultAsFilm(job.id, result.index));
      this.chooseKind("edit");
    });
    on(outcome, "score", async ({ job, result }) => {
      const texts = job.kind === "edit" ? job.request.prompts.map((p) => p.text) : job.request.prompts;
      await app.openFilm(await api.resultAsFilm(job.id, result.index));
      this.forms.score.take({ texts });
      this.chooseKind("score");
    });
    on(outcome, "reuse", ({ job, result }) => this.reuse(job.kind, { ...job.request, ...(result.seed === null ? {} : { seed: result.seed }) }));
    on(outcome, "command", ({ job }) => this.#copy(job.command));
    on(outcome, "deleted", async () => {
      this.close();
      await history.load();
    });
  }

  // Forms

  get #values() {
    return { kind: this.kind, ...Object.fromEntries(Object.entries(this.forms).map(([k, f]) => [k, f.values])) };
  }

  #restoreForm() {
    const kept = store.keptForm();
    for (const [k, form] of Object.entries(this.forms)) {
      form.set(kept[k]);
    }
    this.kind = START[kept.kind] ? kept.kind : "edit";
  }

  #changed() {
    this.saveForm();
    this.#showProblem(null);
    this.#update();
    if (this.app.cellsWanted) {
      this.app.askCells();
    }
  }

  #tabs() {
    for (const kind of /** @type {Kind[]} */ (Object.keys(START))) {
      find(`#tab-${kind}`).addEventListener("click", () => this.chooseKind(kind));
    }
    arrows(find("#tabs"), "[role=tab]", "horizontal", (tab) => tab.click());
    this.chooseKind(this.kind);
  }

  /** @param {Kind} kind */
  chooseKind(kind) {
    this.kind = kind;
    for (const k of Object.keys(START)) {
      const tab = find(`#tab-${k}`);
      tab.setAttribute("aria-selected", String(k === kind));
      tab.tabIndex = k === kind ? 0 : -1;
      find(`#panel-${k}`).hidden = k !== kind;
    }
    this.#showProblem(null);
    this.saveForm();
    this.#update();
  }

  #update() {
    const { about, session } = this.app;
    const n = this.kind !== "score" ? this.forms[this.kind].options.value("count") ?? 1 : 1;
    const start = find("#start");
    start.textContent = n > 1 ? `${START[this.kind]} ${this.kind === "edit" ? `${n} times` : `× ${n}`}` : START[this.kind];
    start.disabled = this.#starting || this.kind !== "generation" && !session || this.kind === "score" && !about.model.scores;
    find("#command").disabled = start.disabled;
  }

  /** What the form asks for; masks are brought to the server first. */
  async #request() {
    const { session } = this.app;
    const form = this.forms[this.kind];
    const wrong = form.options.invalid;
    if (wrong) {
      form.options.showProblem(wrong);
      throw new Problem("An option is out of its range.");
    }
    const request = form.request;
    const texts = request.prompts ?? request.texts;
    if (texts.length === 0) {
      form.texts.focus();
      throw new Problem(this.kind === "score" ? "Write a text that the film may show." : this.kind === "edit" ? "Write what the edit mask should show." : "Write what the film should show.");
    }
    if (this.kind === "edit" && session) {
      const [edit, keep] = await Promise.all([session.upload("edit"), session.upload("keep")]);
      if (!edit) {
        throw new Problem("Paint the edit mask: where should the film change?");
      }
      return { film: session.film.id, edit_mask: edit, ...(keep ? { keep_mask: keep } : {}), ...request };
    }
    return this.kind === "score" ? { film: session?.film.id, ...request } : request;
  }

  async start() {
    if (this.#starting || find("#start").disabled) {
      return;
    }
    this.#starting = true;
    this.#update();
    this.#showProblem(null);
    try {
      const kind = this.kind;
      const request = await this.#request();
      await this.#post(kind, request);
    } catch (e) {
      this.#refused(e);
    } finally {
      this.#starting = false;
      this.#update();
    }
  }

  async #post(kind, request) {
    const session = this.app.session;
    this.#place = kind === "edit" && session?.film.id === request.film ? await this.#cells(session) : null;
    const job = await api.start(kind, request);
    this.close();
    this.history.put(job);
    this.jobPanel.follow(job);
    speak("Started");
  }

  #refused(e) {
    if (e instanceof Problem) {
      this.#showProblem(e.message);
    } else if (e instanceof api.Refusal && e.status < 500) {
      const form = this.forms[this.kind];
      const field = e.field?.split(/[.[]/)[0];
      if (!(field && form.options.showProblem(field, e.message))) {
        this.#showProblem(e.message);
      }
    } else {
      tell(e);
    }
  }

  #showProblem(text) {
    const host = find("#problem");
    host.textContent = text ?? "";
    host.hidden = !text;
    if (!text) {
      Object.values(this.forms).forEach((f) => f.options.clearProblems());
    }
  }

  async copyCommand() {
    try {
      await this.#copy(await api.command(this.kind, await this.#request()));
    } catch (e) {
      this.#refused(e);
    }
  }

  async #copy(command) {
    const { open } = await import("./ui/dialog.js");
    const text = make("textarea", { class: "command", rows: 8, readonly: true, "aria-label": "Command line", spellcheck: "false" });
    text.value = command;
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(command);
        say("Copied.");
      } catch {
        text.select();
        document.execCommand("copy");
        say("Copied.");
      }
    };
    open("Command line", [make("p", {}, "The same with the program, in the folder of the project. Files that this server made up a name for have to be put there first; export masks with Export PNG."), text], [["Copy", copy]]);
    text.focus();
    text.select();
  }

  // Jobs and results

  async #preview(p) {
    // decoded by hand: the page's own policy forbids to fetch data URLs
    const bytes = Uint8Array.from(atob(p.png.slice(p.png.indexOf(",") + 1)), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const { app } = this;
    if (!this.jobPanel.running) {
      return; // the job ended meanwhile
    }
    const place = this.#place;
    if (!place || this.jobPanel.job.request.film !== app.session?.film.id) {
      this.#tile(image);
      return;
    }
    app.preview = { image, cells: place };
    if (app.mode !== "paint" && app.comparison === null) {
      app.show("paint");
    }
    app.view.pictureChanged();
    find("#view").dataset.preview = `${p.done}/${p.total}`;
  }

  /** What has no place on the open film is shown in the panel. */
  #tile(image) {
    let canvas = document.querySelector("#job canvas");
    if (!canvas) {
      canvas = make("canvas", { class: "tile", role: "img", "aria-label": "Preview" });
      find("#job").append(canvas);
    }
    const c = /** @type {HTMLCanvasElement} */ (canvas);
    c.width = image.width;
    c.height = image.height;
    c.getContext("2d")?.drawImage(image, 0, 0);
    find("#view").dataset.preview = "tile";
  }

  async #over(job) {
    document.querySelector("#job canvas")?.remove();
    delete find("#view").dataset.preview;
    this.app.preview = null;
    this.app.view.pictureChanged();
    if (job.results.length > 0) {
      await this.choose(job, bestOf(job));
    }
  }

  /** Shows a result of a job. */
  async choose(job, result) {
    const { app } = this;
    this.history.choose(job, result.index);
    const pictured = result.files.includes("view.png") && result.pixels;
    const comparison = pictured ? await Comparison.open(job, result, app.session) : null;
    if (this.history.chosen?.job !== job.id || this.history.chosen.result !== result.index) {
      return; // another was chosen meanwhile
    }
    app.compare(comparison);
    this.outcome.show(job, result, comparison, app.about);
    find(".scroll").scrollTop = 0;
  }

  /** Shows no result. */
  close() {
    this.history.chosen = null;
    this.outcome.hide();
    this.app.compare(null);
  }

  /** Puts a request into the form, with its film and masks where the server still has them. */
  async reuse(kind, request) {
    const { app } = this;
    if (request.film && app.session?.film.id !== request.film) {
      try {
        await app.openFilm(await api.film(request.film));
      } catch (e) {
        say("The film of these settings is no longer on the server.", { kind: "warning" });
      }
    }
    if (kind === "edit" && app.session && app.session.film.id === request.film) {
      for (const [role, id] of [["edit", request.edit_mask], ["keep", request.keep_mask]]) {
        await this.#takeMask(role, id);
      }
    }
    this.forms[kind].take(request);
    this.chooseKind(kind);
    this.close();
    app.masksTouched();
    say("Film, masks, texts and options are set.");
  }

  async #takeMask(role, source) {
    const { session } = this.app;
    const all = source === undefined || source === null ? [] : [source].flat();
    if (all.length === 0) {
      session.masks[role].clear();
      session.commit(role);
      return;
    }
    for (const [i, s] of all.entries()) {
      try {
        const id = /^[0-9a-f]{32}$/.test(s) ? s : (await api.maskFromWords(session.film.id, { source: s })).id;
        await session.take(role, id, i === 0 ? "replace" : "join");
      } catch (e) {
        say(`The ${role} mask of these settings is no longer on the server.`, { kind: "warning" });
      }
    }
  }

  /** Posts a request again. */
  async again(job) {
    await this.#post(job.kind, job.request);
  }

  async #cells(session) {
    const [edit, keep] = await Promise.all([session.upload("edit"), session.upload("keep")]);
    if (!edit) {
      return null;
    }
    const options = Object.fromEntries(Object.entries(this.forms.edit.options.request).filter(([k]) => CELL_OPTIONS.includes(k)));
    return api.cells(session.film.id, { edit_mask: edit, ...(keep ? { keep_mask: keep } : {}), ...options });
  }

  // The film

  #filmOpened() {
    const { film } = this.app.session;
    history.replaceState(null, "", `#film=${film.id}`);
    const notes = [];
    if (film.names_patient) {
      notes.push(make("p", { class: "note" }, "This film names a patient. Results name nobody unless you choose to keep the patient under Output."));
    }
    film.warnings.forEach((w) => notes.push(make("p", { class: "note" }, w)));
    if (film.frames > 1) {
      const frame = make("input", { type: "number", min: 1, max: film.frames, value: film.frame, step: 1, onchange: guarded(async () => {
        await this.app.openFilm(await api.frame(film.id, Number(frame.value)));
      }) });
      notes.push(make("label", { class: "field-row" }, `Frame of ${film.frames}`, frame));
    }
    this.forms.edit.note.replaceChildren(...notes);
    this.history.chosen = null;
    this.outcome.hide();
    this.#update();
  }

  #compareStrip() {
    const { app } = this;
    const strip = find("#compare-strip");
    strip.hidden = app.mode === "paint";
    const c = app.comparison;
    if (strip.hidden || !c) {
      return;
    }
    const opacity = () => make("label", { class: "inline" }, "Overlay", make("input", { type: "range", min: 5, max: 95, value: Math.round(100 * c.opacity), oninput: (e) => {
      c.opacity = e.target.value / 100;
      app.view.pictureChanged();
    } }));
    const scale = (low, high) => make("span", { class: "scale" }, make("span", {}, low), make("span", { class: "ramp", "aria-hidden": "true" }), make("span", {}, high));
    strip.replaceChildren(...{
      slider: [make("p", { class: "hint" }, "Drag the line, or use the arrow keys on the film.")],
      result: [make("p", { class: "hint" }, c.result.native ? "At the film's own size and depth: the window works on its values." : `At the model's size, ${c.after.width} × ${c.after.height}.`)],
      difference: [scale("darker", "brighter"), c.difference ? make("p", { class: "hint" }, `${c.difference.changed.toLocaleString("en")} pixels changed; the scale is half the window.`) : "", opacity()],
      similarity: [scale(`unlike ${(-c.extent).toFixed(2)}`, `${c.extent.toFixed(2)} like the prompt`), make("p", { class: "hint" }, "It points at regions; it does not outline findings."), opacity()],
    }[app.mode] ?? []);
  }
}

/** What the user has to do before a request can be made. */
class Problem extends Error {}

function bestOf(job) {
  const score = (r) => r.edit_score ?? r.image_text_score ?? -2;
  return job.results.length > 1 && job.kind === "edit" && job.request.min_score !== undefined
    ? job.results.reduce((a, b) => score(b) > score(a) ? b : a) : job.results[0];
}
