import * as api from "../api.js";
import { button, fill, find, make, number } from "../dom.js";
import { guarded } from "./messages.js";

const MEANING = "Scores are cosines of BioViL-T's embeddings of picture and text, from -1 to 1: compare them between pictures of one film, not between films. They say how well a picture fits a text, not whether a finding is there.";
const FILES = { "result.png": "PNG", "result.dcm": "DICOM", "result.nii.gz": "NIfTI", "metadata.json": "Settings", "comparison.png": "Side by side" };

/** What is known of the chosen result, and what can be done with it. */
export class Outcome extends EventTarget {
  constructor() {
    super();
    this.host = find("#outcome");
  }

  hide() {
    this.host.hidden = true;
  }

  /**
   * @param {any} job
   * @param {any} result
   * @param {import("../film/compare.js").Comparison | null} comparison
   * @param {any} about
   */
  show(job, result, comparison, about) {
    const send = (name) => () => this.dispatchEvent(new CustomEvent(name, { detail: { job, result } }));
    const facts = [
      result.seed !== null && ["Seed", String(result.seed)],
      ["Size", `${result.width} x ${result.height}${result.native ? ", native" : ""}`],
      result.image_text_score !== null && ["Image-text score", number(result.image_text_score, 3)],
      result.edit_score !== null && ["Edit score", number(result.edit_score, 3)],
      job.kind === "score" && job.edit_score !== null && ["Edit score", number(job.edit_score, 3)],
      result.passed !== null && ["Least score", result.passed ? "reached" : "not reached: do not rely on it"],
      comparison?.difference && ["Pixels changed", `${comparison.difference.changed.toLocaleString("en")} of ${comparison.difference.pixels.toLocaleString("en")}, at most by ${number(comparison.difference.largest, 4)}`],
      result.unchanged_outside !== null && ["Outside the mask", result.unchanged_outside ? "unchanged, to the bit" : "changed; report this as a bug"],
    ].filter(Boolean);
    const scored = result.image_text_score !== null || job.kind === "score";
    fill(this.host,
      make("div", { class: "row" }, make("h2", {}, job.kind === "score" ? "Scores" : "Result"), make("span", { class: "spacer" }),
        make("button", { type: "button", class: "button small", onclick: send("close") }, "Close")),
      make("p", { class: "prompt" }, result.prompt || ""),
      make("dl", { class: "facts" }, ...facts.flatMap(([k, v]) => [make("dt", {}, k), make("dd", {}, v)])),
      job.kind === "score" && this.#scores(job),
      scored && make("details", { class: "group" }, make("summary", {}, "What a score means"), make("p", { class: "help" }, MEANING,
        about.model.demo ? " The demo model was trained on drawn phantoms." : "")),
      ...(job.warnings ?? []).map((w) => make("p", { class: "note" }, w)),
      make("p", { class: "research" }, "Synthetic. Research use only, never for diagnosis or treatment."),
      job.kind !== "score" && make("div", { class: "row wrap", role: "group", "aria-label": "Download" }, ...Object.entries(FILES)
        .filter(([file]) => result.files.includes(file))
        .map(([file, label]) => make("a", { class: "button small", href: api.resultUrl(job.id, result.index, file, true), download: `radedit-${job.id.slice(0, 8)}-${result.index}-${file}` }, label))),
      make("div", { class: "row wrap" },
        job.kind !== "score" && button("Edit further", send("further"), { class: "button small", title: "The result becomes a film of its own" }),
        button("Use its settings", send("reuse"), { class: "button small", title: "Film, masks, texts and options of this result" }),
        job.kind !== "score" && button("Score…", send("score"), { class: "button small", title: "How well it fits texts" }),
        button("Copy command", send("command"), { class: "button small" }),
        button("Delete", guarded(async () => {
          await api.deleteJob(job.id);
          this.dispatchEvent(new CustomEvent("deleted", { detail: { job, result } }));
        }), { class: "button small danger", title: "Deletes this job and its results from the server" })));
    this.host.hidden = false;
  }

  #scores(job) {
    return make("table", { class: "scores" }, make("caption", { class: "visually-hidden" }, "Scores, best first"),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Text"), make("th", { scope: "col" }, "Score"))),
      make("tbody", {}, ...job.scores.map((s) => make("tr", {}, make("td", {}, s.text), make("td", { class: "num" }, number(s.score, 3))))));
  }
}
