/** The server's interface, as GET /api/v1/openapi.json describes it. */

/** What the server refuses; `field` names the field of the request that is wrong. */
export class Refusal extends Error {
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** The server cannot be reached. */
export class Unreachable extends Error {}

async function call(method, path, body, type) {
  let response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      body,
      headers: type ? { "Content-Type": type } : {},
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Unreachable("The server does not answer. Is radedit serve still running?");
  }
  if (!response.ok) {
    let refusal = { error: `${method} ${path}: ${response.status} ${response.statusText}` };
    try {
      refusal = await response.json();
    } catch {
      // not JSON: the line above has to do
    }
    let message = refusal.error;
    const wait = response.headers.get("Retry-After");
    if (response.status === 429 && wait) {
      message += ` Try again in ${wait} s.`;
    }
    throw new Refusal(response.status, message, refusal.field);
  }
  return response;
}

const json = async (method, path, value) =>
  (await call(method, path, value === undefined ? undefined : JSON.stringify(value), value === undefined ? undefined : "application/json")).json();

const query = (values) => {
  const q = new URLSearchParams(Object.entries(values).filter(([, v]) => v !== undefined && v !== null && v !== ""));
  return q.size ? `?${q}` : "";
};

export const about = () => json("GET", "/about");
export const login = (token) => call("POST", "/session", JSON.stringify({ token }), "application/json");

export const uploadFilm = async (file, name) =>
  (await call("POST", `/films${query({ name })}`, file, "application/octet-stream")).json();
export const film = (id) => json("GET", `/films/${id}`);
export const frame = (id, k) => json("POST", `/films/${id}/frames/${k}`);
export const filmPixels = async (id) => samples(await call("GET", `/films/${id}/pixels`));

export const uploadMask = async (film, png) => (await call("POST", `/films/${film}/masks`, png, "image/png")).json();
export const maskFromFile = async (film, file, type, options) =>
  (await call("POST", `/films/${film}/masks${query(options)}`, file, type)).json();
export const maskFromWords = (film, request) => json("POST", `/films/${film}/masks`, request);
export const maskPng = async (id) => (await call("GET", `/masks/${id}/mask.png`)).blob();
export const maskDicom = async (id, label) => (await call("GET", `/masks/${id}/mask.dcm${query({ label })}`)).blob();
/** @returns {Promise<Blob | null>} null if none was painted yet */
export async function draft(film, role) {
  const r = await call("GET", `/films/${film}/drafts/${role}`);
  return r.status === 204 ? null : r.blob();
}
export const saveDraft = (film, role, png) => call("PUT", `/films/${film}/drafts/${role}`, png, "image/png");
export const cells = (film, request) => json("POST", `/films/${film}/cells`, request);

/** @param {"edit" | "generation" | "score"} kind */
export const start = (kind, request) => json("POST", `/${kind}s`, request);
export const command = async (kind, request) => (await json("POST", "/commands", { [kind]: request })).command;
export const jobs = () => json("GET", "/jobs");
export const job = (id) => json("GET", `/jobs/${id}`);
export const cancel = (id) => json("POST", `/jobs/${id}/cancel`);
export const deleteJob = (id) => call("DELETE", `/jobs/${id}`);
export const resultAsFilm = (job, result) => json("POST", `/jobs/${job}/results/${result}/film`);
export const resultUrl = (job, result, file, download = false) =>
  `/api/v1/jobs/${job}/results/${result}/${file}${download ? "?download=1" : ""}`;
export const resultBlob = async (job, result, file) => (await call("GET", `/jobs/${job}/results/${result}/${file}`)).blob();
export const resultJson = (job, result, file) => json("GET", `/jobs/${job}/results/${result}/${file}`);
export const resultPixels = async (job, result) => samples(await call("GET", `/jobs/${job}/results/${result}/pixels`));
export const reproduce = async (file) => (await call("POST", "/reproduce", file, "application/octet-stream")).json();

/** Unsigned 16-bit samples, little-endian, as all machines that run browsers are. */
async function samples(response) {
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength % 2 !== 0) {
    throw new Unreachable("The film did not arrive whole. Try again.");
  }
  return new Uint16Array(bytes);
}

/**
 * Follows a job until it ends. If the connection is lost, asks again every second or so; a server that restarts
 * remembers the job.
 *
 * @param {string} id
 * @param {{job: (job: any) => void, progress: (p: any) => void, preview: (p: any) => void, warning: (text: string) => void,
 *     lost: () => void}} listener
 * @returns {() => void} stops following
 */
export function follow(id, listener) {
  let source = /** @type {EventSource | null} */ (null);
  let stopped = false;
  let timer = 0;
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
  };
  const tell = (job) => {
    if (!stopped) {
      listener.job(job);
      if (isOver(job)) {
        stop();
      }
    }
  };
  const open = () => {
    source = new EventSource(`/api/v1/jobs/${id}/events`);
    source.addEventListener("job", (e) => tell(JSON.parse(e.data)));
    source.addEventListener("progress", (e) => listener.progress(JSON.parse(e.data)));
    source.addEventListener("preview", (e) => listener.preview(JSON.parse(e.data)));
    source.addEventListener("warning", (e) => listener.warning(JSON.parse(e.data).warning));
    source.onerror = () => {
      source?.close();
      if (!stopped) {
        timer = setTimeout(again, 700);
      }
    };
  };
  const again = async () => {
    try {
      const j = await job(id);
      tell(j);
      if (!stopped) {
        open();
      }
    } catch (e) {
      if (e instanceof Refusal && e.status === 404) {
        stop();
        listener.job({ id, state: "failed", error: "The server no longer has this job.", results: [], warnings: [], scores: [] });
      } else if (!stopped) {
        listener.lost();
        timer = setTimeout(again, 1500);
      }
    }
  };
  open();
  return stop;
}

/** Whether a job has ended. */
export function isOver(job) {
  return !["queued", "running"].includes(job.state);
}
