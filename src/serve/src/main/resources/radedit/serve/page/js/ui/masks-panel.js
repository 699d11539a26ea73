import * as api from "../api.js";
import { button, make, save } from "../dom.js";
import { guarded, say, speak } from "./messages.js";

/**
 * Rough boxes of a frontal film, as shares of its width and height: left, top, width, height. The patient's right is on the
 * film's left.
 */
export const BOXES = {
  "right lung": [0.10, 0.12, 0.37, 0.68],
  "left lung": [0.53, 0.12, 0.37, 0.68],
  "right upper zone": [0.14, 0.10, 0.33, 0.24],
  "right middle zone": [0.11, 0.34, 0.36, 0.22],
  "right lower zone": [0.09, 0.56, 0.38, 0.25],
  "left upper zone": [0.53, 0.10, 0.33, 0.24],
  "left middle zone": [0.53, 0.34, 0.36, 0.22],
  "left lower zone": [0.53, 0.56, 0.38, 0.25],
  "heart": [0.36, 0.42, 0.36, 0.38],
  "mediastinum": [0.38, 0.08, 0.24, 0.72],
};

/** What can be done to a mask beside painting it. */
export class MasksPanel {
  /** @param {import("../app.js").App} app */
  constructor(app) {
    this.app = app;
    const act = (text, title, body) => button(text, guarded(async () => {
      const { session, tools } = this.app;
      if (session) {
        await body(session, tools.role);
        this.app.masksTouched();
      }
    }), { class: "button small", title });
    const change = (text, title, body) => act(text, title, async (session, role) => {
      body(session.masks[role]);
      session.commit(role);
    });
    this.counts = { edit: this.#count("edit", "Edit mask", "where to change"), keep: this.#count("keep", "Keep mask", "what must stay") };
    this.file = make("input", { type: "file", class: "visually-hidden", tabindex: -1, "aria-label": "Mask to import",
      onchange: guarded(async () => {
        const [f] = this.file.files;
        this.file.value = "";
        if (f) {
          await this.importFile(f);
        }
      }) });
    this.amount = make("input", { type: "number", min: 1, max: 1024, value: 4, step: 1, "aria-label": "Pixels by which to grow or shrink" });
    const byServer = (how) => async (session, role) => {
      const source = await session.upload(role);
      if (source) {
        await session.take(role, (await api.maskFromWords(session.film.id, { source, [how]: Number(this.amount.value) })).id);
      }
    };
    this.actions = make("div", { class: "mask-actions", role: "group", "aria-label": "Chosen mask" },
      change("Clear", "Empty the chosen mask", (m) => m.clear()),
      change("Invert", "What is not in it becomes the mask", (m) => m.invert()),
      act("Shrink", "Erode by a disc", byServer("shrink")), act("Grow", "Dilate by a disc", byServer("grow")),
      make("label", { class: "inline" }, this.amount, "px"));
    this.files = make("div", { class: "mask-actions", role: "group", "aria-label": "Files of the chosen mask" },
      act("Import…", "PNG, DICOM segmentation, NIfTI, any film, a table of CheXmask", async () => this.file.click()), this.file,
      act("Export PNG", "0 and 255 at the film's size", async (session, role) => save(await session.png(role), `${role}-mask.png`)),
      act("Export DICOM", "DICOM segmentation", async (session, role) => {
        const id = await session.upload(role);
        if (id) {
          save(await api.maskDicom(id, role), `${role}-mask.dcm`);
        } else {
          say(`The ${role} mask is empty.`);
        }
      }));
    this.element = make("div", { class: "masks-panel" }, this.counts.edit.row, this.counts.keep.row, this.actions, this.files, this.#more());
    this.table = null;
  }

  #count(role, label, meaning) {
    const value = make("output", {}, "empty");
    const shown = make("input", { type: "checkbox", "aria-label": `Show the ${label.toLowerCase()}`, title: "shown", onchange: () => {
      this.app.view.style.shown[role] = shown.checked;
      this.app.view.masksChanged();
    } });
    shown.checked = true;
    const row = make("div", { class: "mask-row" }, make("span", { class: `swatch ${role}`, "aria-hidden": "true" }),
      make("span", {}, make("strong", {}, label.split(" ")[0]), make("span", { class: "muted" }, ` ${meaning}`)), value, shown);
    return { row, value };
  }

  #more() {
    const words = make("input", { type: "text", id: "mask-words", placeholder: "box:120,80,200,160", autocomplete: "off", spellcheck: "false",
      "aria-describedby": "mask-words-help" });
    const add = (how, erase) => guarded(async () => {
      if (words.value.trim()) {
        await this.fromWords(words.value.trim(), how, erase);
      }
    });
    const boxes = make("select", { "aria-label": "Rough box of a frontal film" }, make("option", { value: "" }, "choose a region"),
      ...Object.keys(BOXES).map((name) => make("option", { value: name }, name)));
    boxes.addEventListener("change", () => {
      this.addBox(boxes.value);
      boxes.value = "";
    });
    this.tableFields = make("div", { class: "table-fields", hidden: true });
    return make("details", { class: "group" }, make("summary", {}, "Regions, words and tables"),
      make("label", { class: "field-row" }, "Rough box", boxes),
      make("p", { class: "help" }, "Boxes are rough and mean a frontal film; the patient's right is on the film's left. Check and correct them."),
      make("label", { class: "field-row", for: "mask-words" }, "In words", words),
      make("p", { class: "help", id: "mask-words-help" }, "box:X,Y,W,H, polygon:'X,Y X,Y X,Y', rle:'START LENGTH …' or all, in pixels of the film."),
      make("div", { class: "row" }, button("Add", add("join"), { class: "button small" }), button("Replace", add("replace"), { class: "button small" })),
      make("p", { class: "help" }, "A CSV of CheXmask (run lengths or landmarks): import it, or drop it on the film."),
      this.tableFields);
  }

  /** Adds a rough box of a frontal film to the chosen mask. */
  addBox(name) {
    const { session, tools } = this.app;
    const share = BOXES[name];
    if (!session || !share) {
      return;
    }
    const { width, height } = session.film;
    const [x, y, w, h] = [share[0] * width, share[1] * height, share[2] * width, share[3] * height].map(Math.round);
    session.masks[tools.role].box(x, y, x + Math.max(1, w) - 1, y + Math.max(1, h) - 1, false);
    session.commit(tools.role);
    this.app.masksTouched();
    speak(`${name} added to the ${tools.role} mask`);
  }

  async fromWords(source, how) {
    const { session, tools } = this.app;
    if (!session) {
      return;
    }
    const mask = await api.maskFromWords(session.film.id, { source });
    mask.warnings.forEach((w) => say(w, { kind: "warning" }));
    await session.take(tools.role, mask.id, how);
    this.app.masksTouched();
  }

  /** Imports a mask from a file; a table asks for its row and column first. */
  async importFile(file) {
    const { session } = this.app;
    if (!session) {
      say("Open a film first; a mask belongs to a film.", { kind: "warning" });
      return;
    }
    if (/\.csv$/i.test(file.name)) {
      this.#showTable(file);
      return;
    }
    try {
      await this.#import(file, "application/octet-stream", {});
    } catch (e) {
      if (!(e instanceof api.Refusal && e.status === 422)) {
        throw e;
      }
      this.#askWhich(file, e.message); // several segments or frames, transparency that may be the mask, and the like
    }
  }

  /** Asks what in a file is the mask, which the server cannot tell by itself. */
  #askWhich(file, problem) {
    const fields = Object.entries({ segment: "Segment", frame: "Frame", label: "Values", above: "Above", alpha: "Alpha" })
      .map(([name, label]) => ({ name, label, input: make("input", { type: "text", id: `mask-file-${name}`, autocomplete: "off",
        placeholder: { segment: "Heart or 1", frame: "1 or all", label: "1+3", above: "0", alpha: "set, clear or ignore" }[name] }) }));
    this.tableFields.replaceChildren(make("p", {}, file.name), make("p", { class: "problem", role: "alert" }, problem),
      ...fields.map(({ name, label, input }) => make("label", { class: "field-row", for: `mask-file-${name}` }, label, input)),
      make("div", { class: "row" }, button("Import", guarded(() => this.#import(file, "application/octet-stream",
        Object.fromEntries(fields.map(({ name, input }) => [name, input.value.trim()])))), { class: "button small primary" })));
    this.#showFields(fields[0].input);
  }

  #showFields(first) {
    this.tableFields.hidden = false;
    this.tableFields.closest("details").open = true;
    first.focus();
  }

  async #import(file, type, options) {
    const { session, tools } = this.app;
    const mask = await api.maskFromFile(session.film.id, file, type, options);
    mask.warnings.forEach((w) => say(w, { kind: "warning" }));
    if (mask.count === 0) {
      say("The mask in this file is empty.", { kind: "warning" });
    }
    await session.take(tools.role, mask.id, "replace");
    this.app.masksTouched();
    this.tableFields.hidden = true;
    say(`${file.name} is now the ${tools.role} mask.`);
  }

  #showTable(file) {
    const id = make("input", { type: "text", id: "table-id", value: this.app.session.film.name, autocomplete: "off" });
    const column = make("select", { id: "table-column" }, ...["Left Lung", "Right Lung", "Left Lung+Right Lung", "Heart"].map((c) => make("option", {}, c)),
      make("option", { value: "part:left lung" }, "landmarks: left lung"), make("option", { value: "part:right lung" }, "landmarks: right lung"),
      make("option", { value: "part:heart" }, "landmarks: heart"));
    const row = make("input", { type: "number", id: "table-row", min: 1, placeholder: "the only one" });
    this.tableFields.replaceChildren(make("p", {}, `Table ${file.name}`),
      make("label", { class: "field-row", for: "table-id" }, "Film in the table", id),
      make("label", { class: "field-row", for: "table-column" }, "Column", column),
      make("label", { class: "field-row", for: "table-row" }, "Row", row),
      make("div", { class: "row" }, button("Import", guarded(() => this.#import(file, "text/csv", {
        id: id.value, row: row.value, ...(column.value.startsWith("part:") ? { part: column.value.slice(5) } : { column: column.value }),
      })), { class: "button small primary" })));
    this.#showFields(id);
  }

  /** Shows how large the masks are. */
  update() {
    const { session } = this.app;
    for (const role of ["edit", "keep"]) {
      const mask = session?.masks[role];
      const share = mask ? mask.count / (mask.width * mask.height) : 0;
      this.counts[role].value.textContent = !mask || mask.count === 0 ? "empty"
        : `${mask.count.toLocaleString("en")} px, ${share < 0.001 ? "< 0.1" : (100 * share).toFixed(1)} %`;
    }
  }
}
