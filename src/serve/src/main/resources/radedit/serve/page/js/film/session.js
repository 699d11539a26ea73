import * as api from "../api.js";
import { later } from "../dom.js";
import { Mask } from "../mask/mask.js";
import { Undo } from "../mask/undo.js";
import { greyPng } from "../png.js";
import * as store from "../store.js";
import { Raster } from "./raster.js";

/** @typedef {"edit" | "keep"} Role */

/**
 * A film of the server with the masks that are painted on it. Masks are kept in this browser after each change, and on
 * the server a little later, so that neither a reload nor another browser finds them gone.
 */
export class FilmSession extends EventTarget {
  /** Ids of masks on the server that equal the present ones. @type {{edit: string | null, keep: string | null}} */
  #uploaded = { edit: null, keep: null };
  #unsaved = new Set();
  #failed = false;

  /**
   * @param {any} film as the server describes it
   * @param {Raster} raster
   */
  constructor(film, raster) {
    super();
    this.film = film;
    this.raster = raster;
    this.window = { ...film.windows[0] };
    this.masks = { edit: new Mask(film.width, film.height), keep: new Mask(film.width, film.height) };
    this.undoing = new Undo(this.masks);
  }

  #saveSoon = later(1200, () => this.#saveDrafts());

  /**
   * Opens a film with the masks that were painted on it before.
   *
   * @param {any} film
   */
  static async open(film) {
    const samples = await api.filmPixels(film.id);
    if (samples.length !== film.width * film.height) {
      throw new api.Unreachable("The film did not arrive whole. Try again.");
    }
    const session = new FilmSession(film, new Raster(film.width, film.height, samples, film.pixels));
    for (const role of /** @type {Role[]} */ (["edit", "keep"])) {
      const levels = await session.#keptLevels(role);
      if (levels) {
        session.masks[role].replace(levels);
        session.masks[role].end();
        session.#unsaved.add(role); // a page that was left in a hurry may not have told the server
      }
    }
    session.#saveSoon();
    return session;
  }

  async #keptLevels(role) {
    try {
      const kept = await store.keptMask(this.film.id, role);
      if (kept && kept.width === this.film.width && kept.height === this.film.height) {
        return kept.levels;
      }
    } catch {
      // this browser keeps nothing, as in some private windows; the server does
    }
    const draft = await api.draft(this.film.id, role); // a failure is none: an empty mask would replace what was painted
    return draft && levelsOf(draft, this.film);
  }

  /** Ends a change of a mask, which then can be undone. */
  commit(role) {
    if (this.undoing.commit(role)) {
      this.#changed(role);
    }
  }

  /** @returns {{role: Role, rect: any} | null} */
  undo() {
    return this.#moved(this.undoing.undo());
  }

  redo() {
    return this.#moved(this.undoing.redo());
  }

  #moved(change) {
    if (change) {
      this.#changed(change.role);
    }
    return change;
  }

  #changed(role) {
    this.#uploaded[role] = null;
    this.#unsaved.add(role);
    store.keepMask(this.film.id, role, this.masks[role]).catch(() => {});
    this.#saveSoon();
    this.dispatchEvent(new CustomEvent("mask", { detail: role }));
  }

  /** Writes what is not yet saved; for when the page is about to go. */
  flush() {
    this.#saveSoon.now();
  }

  async #saveDrafts() {
    for (const role of [...this.#unsaved]) {
      this.#unsaved.delete(role);
      try {
        await api.saveDraft(this.film.id, role, await this.png(role));
        this.#failed = false;
      } catch (e) {
        this.#unsaved.add(role);
        if (!this.#failed) {
          this.#failed = true;
          this.dispatchEvent(new CustomEvent("unsaved", { detail: e }));
        }
        setTimeout(() => this.#saveSoon(), 4000);
      }
    }
  }

  /** The mask as a PNG of 0 and 255. */
  png(role) {
    return greyPng(this.masks[role].binary(), this.film.width, this.film.height);
  }

  /**
   * Brings a mask to the server as it is now.
   *
   * @returns {Promise<string | null>} its id; null if it is empty
   */
  async upload(role) {
    if (this.masks[role].count === 0) {
      return null;
    }
    if (!this.#uploaded[role]) {
      const png = await this.png(role);
      const { id } = await api.uploadMask(this.film.id, png);
      this.#uploaded[role] = id;
      return id;
    }
    return this.#uploaded[role];
  }

  /**
   * Takes a mask of the server.
   *
   * @param {"replace" | "join"} how
   */
  async take(role, id, how = "replace") {
    const levels = await levelsOf(await api.maskPng(id), this.film);
    this.masks[role][how](levels);
    this.commit(role);
    if (how === "replace") {
      this.#uploaded[role] = id;
    }
  }
}

/** The levels of a mask's PNG as the server writes it. */
async function levelsOf(blob, film) {
  const picture = await Raster.ofPicture(blob);
  if (picture.width !== film.width || picture.height !== film.height) {
    throw new Error(`the mask is ${picture.width} x ${picture.height}, the film ${film.width} x ${film.height}`);
  }
  return Uint8Array.from(picture.samples);
}
