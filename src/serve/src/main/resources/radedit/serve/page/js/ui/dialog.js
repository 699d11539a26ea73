import { button, find, make } from "../dom.js";

/**
 * Shows a dialog; Escape closes it.
 *
 * @param {string} title
 * @param {(Node | string)[]} content
 * @param {[string, () => void][]} [actions]
 */
export function open(title, content, actions = []) {
  const dialog = find("#dialog");
  dialog.replaceChildren(make("h2", { id: "dialog-title" }, title), make("div", { class: "dialog-body", tabindex: 0 }, ...content),
    make("div", { class: "row end" }, ...actions.map(([label, action]) => button(label, () => {
      dialog.close();
      action();
    }, { class: "button primary" })), button("Close", () => dialog.close())));
  dialog.showModal();
  return dialog;
}

/** Asks for the token that the server printed. @returns {Promise<string>} */
export function askToken(problem) {
  return new Promise((resolve) => {
    const dialog = find("#dialog");
    const input = make("input", { type: "password", id: "token", autocomplete: "off", required: true, "aria-describedby": "token-help" });
    const submit = () => {
      if (input.value.trim()) {
        dialog.close();
        resolve(input.value.trim());
      }
    };
    input.addEventListener("keydown", (e) => {
      if (e.key === "Enter") {
        submit();
      }
    });
    dialog.replaceChildren(make("h2", { id: "dialog-title" }, "Token"),
      make("div", { class: "dialog-body" },
        make("p", { id: "token-help" }, "This server asks for the token that it printed when it started."),
        make("label", { class: "stacked" }, "Token", input), problem && make("p", { class: "problem", role: "alert" }, problem)),
      make("div", { class: "row end" }, button("Continue", submit, { class: "button primary" })));
    dialog.addEventListener("cancel", (e) => e.preventDefault(), { once: true });
    dialog.showModal();
    input.focus();
  });
}
