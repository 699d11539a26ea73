/** Building and finding elements. Text is always set as text, so that no name or message becomes markup. */

/**
 * @param {string} selector of an element that index.html has
 * @returns {any}
 */
export function find(selector, root = document) {
  const e = root.querySelector(selector);
  if (!e) {
    throw new Error(`the page has no ${selector}`);
  }
  return e;
}

/**
 * Makes an element. Attributes whose name begins with "on" are listeners, `class` and all others attributes; a value of
 * false, null or undefined leaves an attribute out, but ARIA's say true or false.
 *
 * @param {string} tag
 * @param {Record<string, any>} attributes
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      e.addEventListener(name.slice(2), value);
    } else if (name.startsWith("aria-") && typeof value === "boolean") {
      e.setAttribute(name, String(value));
    } else if (value === true) {
      e.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      e.setAttribute(name, String(value));
    }
  }
  fill(e, ...children);
  return e;
}

/** Replaces what an element holds; null, undefined and false are left out. */
export function fill(e, ...children) {
  e.replaceChildren(...children.filter((c) => c !== null && c !== undefined && c !== false));
}

/** An icon of index.html's sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button with a text. */
export function button(text, onclick, attributes = {}) {
  return make("button", { type: "button", class: "button", onclick, ...attributes }, text);
}

/** Saves a file under a name. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Calls a function once, some time after the last call of the result. */
export function later(ms, body) {
  let timer = 0;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = 0;
      body();
    }, ms);
  };
  call.now = () => {
    if (timer) {
      clearTimeout(timer);
      timer = 0;
      body();
    }
  };
  return call;
}

/** A number as people write it: up to `digits` significant digits, no exponent where none is needed. */
export function number(v, digits = 6) {
  return v === null || v === undefined || Number.isNaN(v) ? "–" : String(Number(v.toPrecision(digits)));
}
