/** What this browser remembers: masks in IndexedDB, the form in sessionStorage, which each tab has for itself. */

const FORM = "radedit.form";

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("radedit", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("masks");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function transact(mode, body) {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction("masks", mode);
      const request = body(transaction.objectStore("masks"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

/**
 * Keeps the levels of a film's mask.
 *
 * @param {string} film
 * @param {string} role
 * @param {import("./mask/mask.js").Mask} mask
 */
export async function keepMask(film, role, mask) {
  await transact("readwrite", (store) => store.put({ levels: mask.levels, width: mask.width, height: mask.height, time: Date.now() }, [film, role]));
}

/** @returns {Promise<{levels: Uint8Array, width: number, height: number, time: number} | undefined>} */
export async function keptMask(film, role) {
  return transact("readonly", (store) => store.get([film, role]));
}

/** Forgets the masks of all films but some. */
export async function forgetMasks(exceptFilms) {
  const keys = await transact("readonly", (store) => store.getAllKeys());
  for (const key of keys) {
    if (!exceptFilms.includes(key[0])) {
      await transact("readwrite", (store) => store.delete(key));
    }
  }
}

export function keepForm(values) {
  try {
    const text = JSON.stringify(values);
    sessionStorage.setItem(FORM, text);
    localStorage.setItem(FORM, text); // for the next tab
  } catch {
    // storage is switched off or full; the form lives as long as the page
  }
}

export function keptForm() {
  try {
    return JSON.parse(sessionStorage.getItem(FORM) ?? localStorage.getItem(FORM) ?? "{}");
  } catch {
    return {};
  }
}
