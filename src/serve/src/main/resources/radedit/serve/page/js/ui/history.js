import * as api from "../api.js";
import { find, make } from "../dom.js";
import { guarded } from "./messages.js";

/** The results of this server as a row of pictures, newest first; a click shows one. */
export class History extends EventTarget {
  /** @type {any[]} */
  jobs = [];
  /** @type {{job: string, result: number} | null} */
  chosen = null;

  constructor() {
    super();
    this.host = find("#history");
  }

  async load() {
    this.jobs = await api.jobs();
    this.#draw();
  }

  /** Takes in what the server says of a job. */
  put(job) {
    const i = this.jobs.findIndex((j) => j.id === job.id);
    if (i < 0) {
      this.jobs.unshift(job);
    } else {
      this.jobs[i] = job;
    }
    this.#draw();
  }

  choose(job, result) {
    this.chosen = { job: job.id, result };
    this.#draw();
  }

  /** The result before or after the chosen one. */
  step(by) {
    const all = this.jobs.flatMap((job) => job.results.map((r) => ({ job, r })));
    const i = all.findIndex(({ job, r }) => job.id === this.chosen?.job && r.index === this.chosen.result);
    const next = all[i < 0 ? 0 : Math.min(all.length - 1, Math.max(0, i + by))];
    if (next) {
      this.dispatchEvent(new CustomEvent("choose", { detail: { job: next.job, result: next.r } }));
    }
  }

  #draw() {
    const focused = document.activeElement?.id;
    const cards = this.jobs.flatMap((job) => job.results.length > 0 ? job.results.map((r) => this.#card(job, r)) : [this.#empty(job)])
      .filter((c) => c !== null);
    this.host.replaceChildren(...(cards.length ? cards : [make("p", { class: "muted" }, "Results appear here.")]));
    if (focused?.startsWith("result-")) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }

  #card(job, result) {
    const chosen = this.chosen?.job === job.id && this.chosen.result === result.index;
    const text = result.prompt || job.request.texts?.join("; ") || "";
    const file = ["view.png", "similarity.png", "result.png"].find((f) => result.files.includes(f));
    const score = result.edit_score ?? result.image_text_score ?? job.scores[0]?.score;
    return make("button", { type: "button", class: "card", id: `result-${job.id}-${result.index}`, "aria-pressed": chosen,
      "aria-label": `${NAMES[job.kind]}: ${text}${result.seed === null ? "" : `, seed ${result.seed}`}`, title: text,
      onclick: () => this.dispatchEvent(new CustomEvent("choose", { detail: { job, result } })) },
      file && make("img", { src: api.resultUrl(job.id, result.index, file), alt: "", loading: "lazy", width: 72, height: 72 }),
      make("span", { class: "card-text" }, make("span", { class: "card-prompt" }, text),
        make("span", { class: "muted" }, [NAMES[job.kind], result.seed !== null && `seed ${result.seed}`, typeof score === "number" && score.toFixed(2)]
          .filter(Boolean).join(" · "))));
  }

  #empty(job) {
    if (job.state === "done") {
      return null;
    }
    const again = job.state === "interrupted";
    return make("button", { type: "button", class: `card ${job.state}`, disabled: !again, id: `result-${job.id}-0`,
      title: job.error ?? "", onclick: guarded(async () => this.dispatchEvent(new CustomEvent("again", { detail: job }))) },
    make("span", { class: "card-text" }, make("span", { class: "card-prompt" }, promptOf(job)),
      make("span", { class: "muted" }, again ? "interrupted; run again" : job.state)));
  }
}

const NAMES = { edit: "Edit", generation: "Film", score: "Score" };

function promptOf(job) {
  const { prompts, texts } = job.request;
  return (prompts ?? texts ?? []).map((p) => typeof p === "string" ? p : p.text).join("; ");
}
