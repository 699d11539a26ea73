import { Viewport } from "../../main/resources/radedit/serve/page/js/film/viewport.js";
import { dragged, greys, level } from "../../main/resources/radedit/serve/page/js/film/window.js";
import { greyPng } from "../../main/resources/radedit/serve/page/js/png.js";
import { equal, ok, random, test } from "./harness.js";

const LINEAR = { name: "", centre: 2048, width: 4096, function: "linear" };

test("windows are DICOM's", () => {
  // PS3.3 C.11.2.1.2.1, its own example: c=2048, w=4096: 0 becomes 0, 4095 becomes 1
  equal(level(0, LINEAR), 0);
  equal(level(4095, LINEAR), 1);
  equal(level(-1, LINEAR), 0);
  equal(level(4096, LINEAR), 1);
  // c=0, w=100: -50 becomes 0, 49 becomes 1
  equal([-50, 49].map((x) => level(x, { ...LINEAR, centre: 0, width: 100 })), [0, 1]);
  // c=0, w=1: x < 0 becomes 0, x >= 0 becomes 1
  equal([-1, 0].map((x) => level(x, { ...LINEAR, centre: 0, width: 1 })), [0, 1]);
  equal([-50, 0, 50].map((x) => level(x, { name: "", centre: 0, width: 100, function: "linear_exact" })), [0, 0.5, 1]);
  equal(level(3, { name: "", centre: 3, width: 9, function: "sigmoid" }), 0.5);
});

test("greys follow the film's values and polarity", () => {
  const meaning = { slope: 2, intercept: -100, minimum: 0, maximum: 200, inverted: false };
  const window = { name: "", centre: 100, width: 400, function: /** @type {const} */ ("linear_exact") };
  const up = greys(meaning, window);
  const down = greys({ ...meaning, inverted: true }, window);
  equal([up[0], up[100], up[200]], [0, 128, 255]);
  equal([down[0], down[100], down[200]], [255, 128, 0]);
});

test("a dragged window stays a window", () => {
  const meaning = { slope: 1, intercept: 0, minimum: 0, maximum: 4095, inverted: false };
  ok(dragged(LINEAR, meaning, -5, 0).width >= 2, "width");
  equal(dragged(LINEAR, meaning, 0, 0.1).centre, 2048 - 409.5);
});

test("every pixel is found where it is shown, at any place and scale", () => {
  const next = random(5);
  for (let k = 0; k < 300; k++) {
    const v = new Viewport();
    v.resize(300 + next(900), 300 + next(600));
    v.show(1 + next(3000), 1 + next(3000), k % 3 === 0 ? 0.5 + next(100) / 50 : 1);
    v.zoomTo(v.scale * (0.3 + next(100) / 10), next(v.width), next(v.height));
    v.pan(next(200) - 100, next(200) - 100);
    const x = next(v.columns);
    const y = next(v.rows);
    const a = v.toCanvas(x, y);
    const middle = { x: a.x + v.scale / 2, y: a.y + v.scaleY / 2 };
    equal(v.pixelAt(middle.x, middle.y), { x, y }, "pixel at its centre");
    ok(Number.isInteger(v.left) && Number.isInteger(v.top), "whole origin");
  }
});

test("zooming keeps what is under the pointer", () => {
  const v = new Viewport();
  v.resize(1000, 800);
  v.show(2000, 1500, 1);
  const before = v.pointAt(333, 444);
  v.zoomTo(3.7, 333, 444);
  const after = v.pointAt(333, 444);
  ok(Math.abs(before.x - after.x) <= 1 / 3.7 && Math.abs(before.y - after.y) <= 1 / 3.7, "within a canvas pixel");
});

test("a fitted picture stays fitted when the window changes", () => {
  const v = new Viewport();
  v.resize(1000, 800);
  v.show(500, 500, 1);
  equal([v.scale, v.left, v.top], [1.6, 100, 0]);
  v.resize(500, 800);
  equal([v.scale, v.left, v.top], [1, 0, 150]);
});

test("a PNG holds exactly the levels", async () => {
  const next = random(6);
  const [w, h] = [37, 23];
  const levels = Uint8Array.from({ length: w * h }, () => next(256));
  const bytes = new Uint8Array(await (await greyPng(levels, w, h)).arrayBuffer());
  const view = new DataView(bytes.buffer);
  equal([...bytes.slice(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  equal([view.getUint32(16), view.getUint32(20), bytes[24], bytes[25], bytes[26], bytes[27], bytes[28]],
    [w, h, 8, 0, 0, 0, 0]);
  const length = view.getUint32(33);
  const data = bytes.slice(41, 41 + length);
  const rows = new Uint8Array(await new Response(new Blob([data]).stream()
    .pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
  for (let y = 0; y < h; y++) {
    equal(rows[y * (w + 1)], 0, "filter");
    equal(rows.slice(y * (w + 1) + 1, (y + 1) * (w + 1)), levels.slice(y * w, (y + 1) * w), `row ${y}`);
  }
  equal([...bytes.slice(-12)], [0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130], "end");
});
