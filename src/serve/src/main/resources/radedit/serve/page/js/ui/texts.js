import { button, icon, make } from "../dom.js";

/** A list of texts that grows and shrinks, each with a weight if wanted. */
export class Texts {
  /** @type {{text: HTMLTextAreaElement, weight: HTMLInputElement | null, row: HTMLElement}[]} */
  #rows = [];

  /**
   * @param {{prefix: string, label: string, placeholder: string, weights: boolean, most: number, add: string}} how
   * @param {() => void} changed
   */
  constructor(how, changed) {
    this.how = how;
    this.changed = changed;
    this.list = make("div", { class: "texts", role: "group", "aria-label": how.label });
    this.more = button(how.add, () => {
      this.add("", 7.5).text.focus();
      this.changed();
    }, { class: "button small" });
    this.element = make("div", { class: "texts-block" }, this.list, this.more);
    this.set([{ text: "", weight: 7.5 }]);
  }

  add(text, weight) {
    const n = this.#rows.length + 1;
    const { label, placeholder, weights } = this.how;
    const area = make("textarea", { rows: 2, "aria-label": `${label} ${n}`, placeholder, maxlength: 4000,
      oninput: () => this.changed() });
    area.value = text;
    const number = weights && make("input", { type: "number", step: "any", min: -100, max: 100, value: weight,
      "aria-label": `Weight of ${label.toLowerCase()} ${n}`, title: "guidance weight", oninput: () => this.changed() });
    const remove = make("button", { type: "button", class: "button icon-button small", "aria-label": `Remove ${label.toLowerCase()} ${n}`,
      title: "Remove" }, icon("close"));
    const row = make("div", { class: "text-row" }, area,
      weights && make("label", { class: "weight" }, make("span", { "aria-hidden": "true" }, "weight"), number), remove);
    const entry = { text: area, weight: number || null, row };
    remove.addEventListener("click", () => {
      this.#rows = this.#rows.filter((r) => r !== entry);
      row.remove();
      this.#count();
      this.changed();
      this.#rows.at(-1)?.text.focus();
    });
    this.#rows.push(entry);
    this.list.append(row);
    this.#count();
    return entry;
  }

  #count() {
    this.more.hidden = this.#rows.length >= this.how.most;
    this.list.classList.toggle("single", this.#rows.length === 1);
  }

  /** @param {{text: string, weight?: number}[]} values */
  set(values) {
    this.#rows = [];
    this.list.replaceChildren();
    for (const { text, weight } of values.length ? values : [{ text: "" }]) {
      this.add(text, weight ?? 7.5);
    }
  }

  /** All rows, for storing the form. */
  get values() {
    return this.#rows.map((r) => ({ text: r.text.value, weight: Number(r.weight?.value ?? 7.5) }));
  }

  /** The rows that have a text. */
  get filled() {
    return this.values.filter((v) => v.text.trim() !== "").map((v) => ({ ...v, text: v.text.trim() }));
  }

  focus() {
    (this.#rows.find((r) => r.text.value.trim() === "") ?? this.#rows[0]).text.focus();
  }
}
