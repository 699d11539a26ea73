/**
 * Tests of the page's modules that need no page. They run in any JavaScript engine: `node src/serve/src/test/js/run.js`,
 * and in the browser tests, which have no Node.
 */

/** @type {{name: string, body: () => unknown}[]} */
const tests = [];

export function test(name, body) {
  tests.push({ name, body });
}

/** Runs all tests. @returns {Promise<{name: string, error: string | null}[]>} */
export async function run() {
  const results = [];
  for (const { name, body } of tests) {
    let error = null;
    try {
      await body();
    } catch (e) {
      error = e instanceof Error ? String(e.stack ?? e) : String(e);
    }
    results.push({ name, error });
  }
  return results;
}

export function equal(actual, expected, what = "") {
  const a = show(actual);
  const b = show(expected);
  if (a !== b) {
    throw new Error(`${what} is ${a.slice(0, 400)}, expected ${b.slice(0, 400)}`);
  }
}

export function ok(condition, what = "condition") {
  if (!condition) {
    throw new Error(`${what} does not hold`);
  }
}

function show(v) {
  return JSON.stringify(ArrayBuffer.isView(v) ? Array.from(/** @type {any} */ (v)) : v) ?? String(v);
}

/** Random integers below n, the same on every run (mulberry32). */
export function random(seed) {
  let s = seed;
  return (n) => {
    s = (s + 0x6D2B79F5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}
