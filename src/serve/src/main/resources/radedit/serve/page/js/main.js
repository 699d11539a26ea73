import * as api from "./api.js";
import { App } from "./app.js";
import { find } from "./dom.js";
import { Requests } from "./requests.js";
import * as store from "./store.js";
import { askToken } from "./ui/dialog.js";
import { listen } from "./ui/keys.js";
import { guarded, say, tell } from "./ui/messages.js";


const app = new App();
listen(app);
find("#help").addEventListener("click", () => app.help());

/** The server's description; asks for the token where one is needed. */
async function about() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  let token = fragment.get("token");
  if (token) {
    fragment.delete("token"); // it shall not stay in the address, nor in the browser's history
    history.replaceState(null, "", fragment.size ? `#${fragment}` : location.pathname);
  }
  let problem = "";
  for (;;) {
    try {
      if (token) {
        await api.login(token);
      }
      return await api.about();
    } catch (e) {
      if (!(e instanceof api.Refusal && e.status === 401)) {
        throw e;
      }
      problem = token ? "This is not the token of this server." : "";
      token = await askToken(problem);
    }
  }
}

async function begin() {
  app.about = await about();
  const { model, notice } = app.about;
  find("#model").textContent = model.demo ? `demo model, ${model.size} px` : `${model.name}, ${model.size} px`;
  find("#model").title = [model.notice, `backend ${app.about.backend}`].filter(Boolean).join("; ");
  find("#notice").title = notice;
  const requests = new Requests(app);
  files(requests);
  await requests.history.load();
  const film = new URLSearchParams(location.hash.slice(1)).get("film");
  if (film && /^[0-9a-f]{32}$/.test(film)) {
    try {
      await app.openFilm(await api.film(film));
    } catch (e) {
      if (!(e instanceof api.Refusal && e.status === 404)) {
        throw e;
      }
      history.replaceState(null, "", location.pathname);
    }
  }
  const running = requests.history.jobs.find((j) => !api.isOver(j));
  if (running && film && running.request.film === film) {
    requests.jobPanel.follow(running);
  }
  const kept = requests.history.jobs.flatMap((j) => j.request.film ?? []).concat(film ?? []);
  store.forgetMasks([...new Set([...kept.slice(0, 20), ...(film ? [film] : [])])]).catch(() => {});
  document.body.dataset.ready = "true";
}

/** Files that are dropped, chosen or pasted. */
function files(requests) {
  const input = find("#file");
  const choose = () => input.click();
  find("#open").addEventListener("click", choose);
  find("#drop-open").addEventListener("click", choose);
  find("#drop-example").addEventListener("click", () => {
    requests.chooseKind("generation");
    requests.forms.generation.texts.focus();
  });
  input.addEventListener("change", guarded(async () => {
    const [file] = input.files;
    input.value = "";
    if (file) {
      await open(file, requests);
    }
  }));
  const stage = document.documentElement;
  let depth = 0;
  const over = (on) => document.body.classList.toggle("dropping", on);
  stage.addEventListener("dragenter", (e) => {
    e.preventDefault();
    depth++;
    over(true);
  });
  stage.addEventListener("dragover", (e) => e.preventDefault());
  stage.addEventListener("dragleave", () => {
    depth--;
    over(depth > 0);
  });
  stage.addEventListener("drop", guarded(async (e) => {
    e.preventDefault();
    depth = 0;
    over(false);
    const [file] = e.dataTransfer?.files ?? [];
    if (!file) {
      say("Drop a file, not a link or a text.", { kind: "warning" });
    } else if (e.target.closest?.(".masks-panel") || /\.csv$/i.test(file.name)) {
      await requests.forms.edit.masks.importFile(file);
    } else {
      await open(file, requests);
    }
  }));
  document.addEventListener("paste", guarded(async (e) => {
    const [file] = e.clipboardData?.files ?? [];
    if (file) {
      e.preventDefault();
      await open(file, requests);
    }
  }));
}

/** Opens a file as a film; where RadEdit wrote it, its settings are offered. */
async function open(file, requests) {
  const limit = app.about.limits.upload_bytes;
  if (file.size > limit) {
    say(`${file.name} has ${Math.ceil(file.size / 2 ** 20)} MiB; this server takes at most ${Math.floor(limit / 2 ** 20)}.`, { kind: "problem" });
    return;
  }
  const reading = say(`Reading ${file.name} …`, { seconds: 0 });
  try {
    const film = await api.uploadFilm(file, file.name);
    const known = film.has_settings ? await settingsOf(file) : null;
    await app.openFilm(film);
    if (known) {
      offer(file, known, requests);
    } else if (requests.kind === "generation") {
      requests.chooseKind("edit");
    }
  } finally {
    reading();
  }
}

async function settingsOf(file) {
  try {
    const known = await api.reproduce(file);
    return known.kind === "other" ? null : known;
  } catch (e) {
    if (e instanceof api.Refusal) {
      say(`The settings of ${file.name} cannot be used: ${e.message}`, { kind: "warning" });
      return null;
    }
    throw e;
  }
}

function offer(file, known, requests) {
  say(`RadEdit made ${file.name}. Use its settings?`, { actions: [["Use its settings", guarded(async () => {
    await requests.reuse(known.kind, known.request);
    if (known.missing.length > 0) {
      say(`Its ${known.missing.map((m) => m.replace("_", " ")).join(", ")} ${known.missing.length === 1 ? "is" : "are"} not on this server; open or paint them.`, { kind: "warning" });
    }
    known.notes.forEach((n) => say(n, { kind: "warning" }));
  })]], seconds: 0 });
}

begin().catch((e) => {
  tell(e);
  find("#film-name").textContent = "No server";
});
