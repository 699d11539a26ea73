import { button, make } from "../dom.js";
import { MasksPanel } from "./masks-panel.js";
import { Options } from "./options.js";
import { Texts } from "./texts.js";

/** The three forms of the side panel. Each gives the request that the server gets, and takes one. */

/** Fields that the page has elsewhere. */
const SPECIAL = ["film", "edit_mask", "keep_mask", "prompts", "texts", "original"];

/** A form of texts and options. */
class Form {
  /**
   * @param {string} field what a request calls the texts
   * @param {Texts} texts
   * @param {Options} options
   */
  constructor(field, texts, options) {
    this.field = field;
    this.texts = texts;
    this.options = options;
  }

  get values() {
    return { [this.field]: this.texts.values, options: this.options.values };
  }

  set(values) {
    if (values?.[this.field]) {
      this.texts.set(values[this.field]);
    }
    this.options.set(values?.options);
  }

  /** Takes a request that was posted before. */
  take(request) {
    this.texts.set((request[this.field] ?? []).map((text) => typeof text === "string" ? { text } : text));
    this.options.setAll(request);
  }

  /** The texts, with the other texts that the options have, and the options. */
  sections() {
    const more = this.options.group("Prompts");
    const all = [section("Prompts", this.texts.element, more),
      section("Options", ...this.options.groups.filter((g) => g !== more),
        button("Defaults", () => this.options.reset(), { class: "button small" }))];
    more?.querySelector("summary")?.replaceChildren("More texts", more.querySelector(".differs"));
    return all;
  }
}

export class EditForm extends Form {
  /** @param {import("../app.js").App} app */
  constructor(app, host, options, changed) {
    super("prompts", new Texts({ prefix: "prompt", label: "Prompt", placeholder: "What the edit mask should show, such as: No pneumothorax", weights: true, most: 16, add: "Add a prompt" }, changed),
      new Options("edit", options, { without: SPECIAL, defaults: { native: true } }, changed));
    this.masks = new MasksPanel(app);
    this.note = make("div", { class: "film-notes" });
    host.append(this.note, section("Masks", this.masks.element), ...this.sections());
  }

  get request() {
    return { prompts: this.texts.filled, ...this.options.request };
  }
}

export class GenerationForm extends Form {
  constructor(host, options, changed) {
    super("prompts", new Texts({ prefix: "film", label: "Prompt", placeholder: "What the film should show, such as: Large left-sided pleural effusion", weights: false, most: 16, add: "Add a prompt" }, changed),
      new Options("generation", options, { without: SPECIAL }, changed));
    host.append(...this.sections());
  }

  get request() {
    return { prompts: this.texts.filled.map((p) => p.text), ...this.options.request };
  }
}

export class ScoreForm extends Form {
  constructor(host, options, changed, available) {
    super("texts", new Texts({ prefix: "score", label: "Text", placeholder: "What the film may show, such as: Pleural effusion", weights: false, most: 64, add: "Add a text" }, changed),
      new Options("score", options, { without: SPECIAL }, changed));
    host.append(make("p", { class: "help" }, available
      ? "How well the open film fits each text: the cosine of their BioViL-T embeddings, from -1 to 1. Several texts are ranked."
      : "This server's model has no image encoder, so films cannot be scored."),
    section("Texts", this.texts.element));
  }

  get request() {
    return { texts: this.texts.filled.map((t) => t.text) };
  }
}

function section(title, ...content) {
  return make("section", { class: "block" }, make("h2", {}, title), ...content);
}
