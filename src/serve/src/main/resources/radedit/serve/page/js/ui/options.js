import { make } from "../dom.js";

/**
 * Fields for the options of a request, from the server's own list, so that the page has every option and its help.
 *
 * @typedef {{name: string, group: string, type: string, help: string, required: boolean, default?: any, minimum?: number,
 *     maximum?: number, choices?: (string | number)[], unset?: string}} Option
 */

const LABELS = {
  invert_prompt: "Invert under", original_text: "Shown before the edit", skip_ratio: "Skip ratio", eta: "Eta", rng: "Generator",
  min_score: "Least score", invert_edit_mask: "Invert the edit mask", grow_edit_mask: "Grow the edit mask",
  free_band: "Free band", mask_rule: "Mask rule", keep_rule: "Keep rule", native: "Native size and depth",
  patient: "Patient in DICOM", negative_prompt: "Negative prompt", seed_per_image: "A seed for each picture",
  previews: "Live previews", count: "Results", guidance: "Guidance scale", sigmas: "Sigmas (noise levels)", spacing: "Spacing of timesteps",
  deep_cache: "Reuse deep features",
  guidance_interval: "Guidance interval", unguided_after: "Unguided after", bits: "Bits per sample",
};

const ORDER = ["Prompts", "Seeds", "Sampling", "Masks", "Film", "Output"];

export class Options {
  /** @type {Map<string, {option: Option, input: any, error: HTMLElement}>} */
  #fields = new Map();

  /**
   * @param {string} prefix of ids
   * @param {Option[]} options
   * @param {{without: string[], defaults?: Record<string, any>, open?: string[]}} how without: fields that the page has
   *     elsewhere; defaults: where the page's differ from the server's; open: groups that are open at first
   * @param {() => void} changed
   */
  constructor(prefix, options, how, changed) {
    this.prefix = prefix;
    this.how = how;
    this.changed = changed;
    /** Elements of the groups, in order. */
    this.groups = [];
    const shown = options.filter((o) => !how.without.includes(o.name) && !["array", "mask"].includes(o.type));
    for (const group of [...ORDER, ...new Set(shown.map((o) => o.group))]) {
      const members = shown.filter((o) => o.group === group);
      if (members.length > 0 && !this.groups.some((g) => g.dataset.group === group)) {
        const details = make("details", { class: "group", "data-group": group, open: how.open?.includes(group) },
          make("summary", {}, title(group), make("span", { class: "differs" })),
          ...members.map((o) => this.#field(o)));
        this.groups.push(details);
      }
    }
    this.#tellDifferences();
  }

  /** The group's element, to be placed elsewhere. */
  group(name) {
    return this.groups.find((g) => g.dataset.group === name);
  }

  #field(option) {
    const id = `${this.prefix}-${option.name}`;
    const value = this.defaultOf(option);
    const common = { id, name: option.name, "aria-describedby": `${id}-help`, onchange: () => this.#touched(), oninput: () => this.#touched() };
    let input;
    if (option.type === "boolean") {
      input = make("input", { ...common, type: "checkbox" });
      input.checked = value === true;
    } else if (option.choices) {
      input = make("select", common, ...(option.default === undefined ? [make("option", { value: "" }, option.unset ?? "automatic")] : []),
        ...option.choices.map((c) => make("option", { value: c }, c)));
      input.value = value ?? "";
    } else if (option.type === "string") {
      input = make("input", { ...common, type: "text", value: value ?? "", autocomplete: "off", spellcheck: "true" });
    } else {
      input = make("input", { ...common, type: "number", value: value ?? "", min: option.minimum, max: option.maximum,
        step: option.type === "integer" ? 1 : "any", placeholder: option.default === undefined ? option.unset ?? "automatic" : null });
    }
    const error = make("p", { class: "problem", hidden: true });
    this.#fields.set(option.name, { option, input, error });
    const label = make("label", { for: id }, LABELS[option.name] ?? title(option.name.replaceAll("_", " ")));
    const seed = option.name === "seed" && make("button", { type: "button", class: "button small", title: "another seed",
      onclick: () => {
        input.value = String(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000);
        this.#touched();
      } }, "New");
    return make("div", { class: `field ${option.type === "string" && !option.choices ? "tall" : ""}` },
      label, make("span", { class: "value" }, input, seed),
      make("p", { class: "help", id: `${id}-help` }, sentence(option.help)), error);
  }

  defaultOf(option) {
    return this.how.defaults?.[option.name] ?? option.default;
  }

  #touched() {
    this.clearProblems();
    this.#tellDifferences();
    this.changed();
  }

  /** Says beside each group how many of its options are not the defaults. */
  #tellDifferences() {
    for (const group of this.groups) {
      const n = [...this.#fields.values()].filter(({ option, input }) => option.group === group.dataset.group
        && valueOf(option, input) !== (this.defaultOf(option) ?? undefined)
        && !(valueOf(option, input) === undefined && (this.defaultOf(option) ?? "") === "")).length;
      group.querySelector(".differs").textContent = n === 0 ? "" : `${n} changed`;
    }
  }

  /** The options that differ from the server's defaults. */
  get request() {
    const out = {};
    for (const [name, { option, input }] of this.#fields) {
      const v = valueOf(option, input);
      if (v !== undefined && v !== option.default) {
        out[name] = v;
      }
    }
    return out;
  }

  /** All values, for storing the form. */
  get values() {
    return Object.fromEntries([...this.#fields].map(([name, { input }]) => [name, input.type === "checkbox" ? input.checked : input.value]));
  }

  /** Sets values, as of a request or a stored form; names that are no options are left out. */
  set(values) {
    for (const [name, value] of Object.entries(values ?? {})) {
      const field = this.#fields.get(name);
      if (field) {
        if (field.input.type === "checkbox") {
          field.input.checked = value === true;
        } else {
          field.input.value = value ?? "";
        }
      }
    }
    this.#tellDifferences();
  }

  /** Sets all options to the server's defaults, then some values: what a request says that was posted. */
  setAll(values) {
    this.set(Object.fromEntries([...this.#fields].map(([name, { option }]) => [name, option.default ?? (option.type === "boolean" ? false : "")])));
    this.set(values);
  }

  reset() {
    this.set(Object.fromEntries([...this.#fields].map(([name, { option }]) => [name, this.defaultOf(option) ?? (option.type === "boolean" ? false : "")])));
    this.changed();
  }

  value(name) {
    const f = this.#fields.get(name);
    return f && valueOf(f.option, f.input);
  }

  /** The first value that its own field refuses. */
  get invalid() {
    return [...this.#fields.entries()].find(([, { input }]) => !input.checkValidity())?.[0];
  }

  /** Shows what is wrong at a field. @returns {boolean} whether there is such a field */
  showProblem(name, text) {
    const f = this.#fields.get(name);
    if (!f) {
      return false;
    }
    f.input.closest("details").open = true;
    f.error.textContent = text ?? f.input.validationMessage;
    f.error.hidden = false;
    f.input.setAttribute("aria-invalid", "true");
    f.input.focus();
    return true;
  }

  clearProblems() {
    for (const { input, error } of this.#fields.values()) {
      error.hidden = true;
      input.removeAttribute("aria-invalid");
    }
  }
}

function valueOf(option, input) {
  if (option.type === "boolean") {
    return input.checked;
  }
  if (input.value === "") {
    return option.type === "string" && option.default === "" ? "" : undefined;
  }
  return option.type === "integer" || option.type === "number" ? Number(input.value) : input.value;
}

function title(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(text) {
  const t = title(text);
  return /[.!?]$/.test(t) ? t : `${t}.`;
}
