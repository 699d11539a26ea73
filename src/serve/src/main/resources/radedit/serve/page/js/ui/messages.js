import { find, icon, make } from "../dom.js";

/**
 * Says something at the foot of the page, for everybody to read, screen readers included.
 *
 * @param {string} text
 * @param {{kind?: "note" | "warning" | "problem", actions?: [string, () => void][], seconds?: number}} [how] seconds after
 *     which it goes; 0: when it is closed
 */
export function say(text, how = {}) {
  const { kind = "note", actions = [], seconds = kind === "note" ? 6 : 0 } = how;
  const host = find("#messages");
  for (const other of host.children) {
    if (other.dataset.text === text) {
      other.remove();
    }
  }
  const message = make("div", { class: `message ${kind}`, "data-text": text }, make("p", {}, text));
  const close = () => message.remove();
  for (const [label, action] of actions) {
    message.append(make("button", { type: "button", class: "button small", onclick: () => {
      close();
      action();
    } }, label));
  }
  message.append(make("button", { type: "button", class: "button icon-button small", "aria-label": "Close", onclick: close }, icon("close")));
  host.append(message);
  while (host.children.length > 4) {
    host.firstChild?.remove();
  }
  if (seconds > 0) {
    setTimeout(close, seconds * 1000);
  }
  return close;
}

/** Tells a failure that nobody handled better. */
export function tell(error) {
  console.error(error);
  say(error instanceof Error ? error.message : String(error), { kind: "problem" });
}

/** Speaks to screen readers only. */
export function speak(text) {
  find("#speech").textContent = text;
}

/** An action whose failure is told. */
export function guarded(action) {
  return async (...args) => {
    try {
      return await action(...args);
    } catch (e) {
      tell(e);
      return undefined;
    }
  };
}
