import { button, make } from "../dom.js";
import { MasksPanel } from "./masks-panel.js";
import { Options } from "./options.js";
import { Texts } from "./texts.js";

/** The three forms of the side panel. Each gives the request that the server gets, and takes one. */

/** Fields that the page has elsewhere. */
const SPECIAL = ["film", "edit_mask", "keep_mask", "prompts", "texts", "original"];

export class EditForm {
  /** @param {import("../app.js").App} app */
  constructor(app, host, options, changed) {
    this.prompts = new Texts({ prefix: "prompt", label: "Prompt", placeholder: "What the edit mask should show, such as: No pneumothorax", weights: true, most: 16, add: "Add a prompt" }, changed);
    this.options = new Options("edit", options, { without: SPECIAL, defaults: { native: true } }, changed);
    this.masks = new MasksPanel(app);
    this.note = make("div", { class: "film-notes" });
    const texts = this.options.group("Prompts");
    host.append(this.note, section("Masks", this.masks.element), section("Prompts", this.prompts.element, texts),
      make("section", { class: "block" }, make("h2", {}, "Options"), ...this.options.groups.filter((g) => g !== texts),
        button("Defaults", () => this.options.reset(), { class: "button small" })));
    texts?.querySelector("summary")?.replaceChildren("More texts", texts.querySelector(".differs"));
  }

  get values() {
    return { prompts: this.prompts.values, options: this.options.values };
  }

  set(values) {
    if (values?.prompts) {
      this.prompts.set(values.prompts);
    }
    this.options.set(values?.options);
  }

  /** Takes a request that was posted before. */
  take(request) {
    this.prompts.set(request.prompts ?? []);
    this.options.setAll(request);
  }

  get request() {
    return { prompts: this.prompts.filled, ...this.options.request };
  }
}

export class GenerationForm {
  constructor(host, options, changed) {
    this.prompts = new Texts({ prefix: "film", label: "Prompt", placeholder: "What the film should show, such as: Large left-sided pleural effusion", weights: false, most: 16, add: "Add a prompt" }, changed);
    this.options = new Options("generation", options, { without: SPECIAL }, changed);
    const texts = this.options.group("Prompts");
    host.append(section("Prompts", this.prompts.element, texts),
      make("section", { class: "block" }, make("h2", {}, "Options"), ...this.options.groups.filter((g) => g !== texts),
        button("Defaults", () => this.options.reset(), { class: "button small" })));
    texts?.querySelector("summary")?.replaceChildren("More texts", texts.querySelector(".differs"));
  }

  get values() {
    return { prompts: this.prompts.values, options: this.options.values };
  }

  set(values) {
    if (values?.prompts) {
      this.prompts.set(values.prompts);
    }
    this.options.set(values?.options);
  }

  take(request) {
    this.prompts.set((request.prompts ?? []).map((text) => ({ text })));
    this.options.setAll(request);
  }

  get request() {
    return { prompts: this.prompts.filled.map((p) => p.text), ...this.options.request };
  }
}

export class ScoreForm {
  constructor(host, options, changed, available) {
    this.texts = new Texts({ prefix: "score", label: "Text", placeholder: "What the film may show, such as: Pleural effusion", weights: false, most: 64, add: "Add a text" }, changed);
    this.options = new Options("score", options, { without: SPECIAL }, changed);
    host.append(make("p", { class: "help" }, available
      ? "How well the open film fits each text: the cosine of their BioViL-T embeddings, from -1 to 1. Several texts are ranked."
      : "This server's model has no image encoder, so films cannot be scored."),
    section("Texts", this.texts.element));
    this.original = null;
  }

  get values() {
    return { texts: this.texts.values, options: this.options.values };
  }

  set(values) {
    if (values?.texts) {
      this.texts.set(values.texts);
    }
    this.options.set(values?.options);
  }

  take(request) {
    this.texts.set((request.texts ?? []).map((text) => ({ text })));
    this.options.setAll(request);
  }

  get request() {
    return { texts: this.texts.filled.map((t) => t.text) };
  }
}

function section(title, ...content) {
  return make("section", { class: "block" }, make("h2", {}, title), ...content);
}
