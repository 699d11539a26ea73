import * as api from "../api.js";
import { button, find, make } from "../dom.js";
import { guarded, say, speak } from "./messages.js";

/** Follows the job that this tab started last: its place in the queue, progress, time left, cancel. */
export class JobPanel extends EventTarget {
  #stop = () => {};
  #lost = false;
  /** The job as the server last described it. @type {any} */
  job = null;

  constructor() {
    super();
    this.host = find("#job");
    this.label = make("p", { class: "job-label" });
    this.bar = make("progress", { max: 1, "aria-label": "Progress" });
    this.cancelButton = button("Cancel", guarded(() => this.cancel()), { class: "button small", title: "Cancel (Esc)" });
    this.host.replaceChildren(make("div", { class: "row" }, this.label, make("span", { class: "spacer" }), this.cancelButton), this.bar);
  }

  get running() {
    return this.job !== null && !api.isOver(this.job);
  }

  /** @param {any} job */
  follow(job) {
    this.#stop();
    this.job = job;
    this.#lost = false;
    this.host.hidden = false;
    this.bar.removeAttribute("value");
    this.cancelButton.disabled = false;
    this.#show();
    this.#stop = api.follow(job.id, {
      job: (j) => {
        this.#lost = false;
        this.job = j;
        this.#show();
        this.dispatchEvent(new CustomEvent("job", { detail: j }));
        if (api.isOver(j)) {
          this.#over(j);
        }
      },
      progress: (p) => {
        this.#lost = false;
        this.job.progress = p;
        this.#show();
      },
      preview: (p) => this.dispatchEvent(new CustomEvent("preview", { detail: p })),
      warning: (text) => say(text, { kind: "warning", seconds: 12 }),
      lost: () => {
        if (!this.#lost) {
          this.#lost = true;
          this.#show();
        }
      },
    });
  }

  async cancel() {
    if (this.running) {
      this.cancelButton.disabled = true;
      await api.cancel(this.job.id);
    }
  }

  #show() {
    const { state, position, progress } = this.job;
    if (this.#lost) {
      this.label.textContent = "The server does not answer; trying again …";
      this.bar.removeAttribute("value");
      return;
    }
    if (state === "queued") {
      this.label.textContent = position ? `Waiting; ${position} ${position === 1 ? "job is" : "jobs are"} before it` : "Waiting for the device";
      this.bar.removeAttribute("value");
    } else if (progress) {
      const { phase, done, total, seconds_left: left } = progress;
      this.label.textContent = `${phase.charAt(0).toUpperCase()}${phase.slice(1)} ${done} / ${total}${left === null || left === undefined ? "" : `, ${duration(left)} left`}`;
      this.bar.value = total > 0 ? done / total : 0;
    } else {
      this.label.textContent = "Starting";
      this.bar.removeAttribute("value");
    }
  }

  #over(job) {
    this.host.hidden = true;
    const n = job.results.length;
    switch (job.state) {
      case "done":
        speak(n === 1 ? "The result is ready" : `${n} results are ready`);
        break;
      case "cancelled":
        say(n > 0 ? `Cancelled; ${n} ${n === 1 ? "result was" : "results were"} ready.` : "Cancelled.");
        break;
      case "interrupted":
        say("The server ended before the job did. Its request is still here.", { kind: "warning",
          actions: [["Run again", () => this.dispatchEvent(new CustomEvent("again", { detail: job }))]] });
        break;
      default:
        say(job.error ?? "The job failed.", { kind: "problem" });
    }
    if (n === 0) { // else they are beside the result
      job.warnings?.forEach((w) => say(w, { kind: "warning", seconds: 20 }));
    }
    this.dispatchEvent(new CustomEvent("over", { detail: job }));
  }
}

/** A time as people say it. */
export function duration(seconds) {
  if (seconds < 60) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
