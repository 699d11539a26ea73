import { Delta } from "../../main/resources/radedit/serve/page/js/mask/delta.js";
import { Mask } from "../../main/resources/radedit/serve/page/js/mask/mask.js";
import { box, capsule, polygon } from "../../main/resources/radedit/serve/page/js/mask/raster.js";
import { Rect } from "../../main/resources/radedit/serve/page/js/mask/rect.js";
import { Undo } from "../../main/resources/radedit/serve/page/js/mask/undo.js";
import { equal, ok, random, test } from "./harness.js";

const HARD = { size: 9, soft: 0, erase: false };

/** The pixels of a capsule, each asked by itself, in exact integers. */
function capsuleOf(ax, ay, bx, by, diameter, w, h) {
  const out = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [dx, dy, px, py] = [bx - ax, by - ay, x - ax, y - ay].map(BigInt);
      const length2 = dx * dx + dy * dy;
      const along = px * dx + py * dy;
      const d2 = BigInt(diameter) ** 2n;
      const within = (qx, qy) => 4n * (qx * qx + qy * qy) <= d2;
      const across = px * dy - py * dx;
      out[y * w + x] = within(px, py) || within(px - dx, py - dy)
        || length2 > 0n && along >= 0n && along <= length2 && 4n * across * across <= d2 * length2 ? 255 : 0;
    }
  }
  return out;
}

function drawn(w, h, draw) {
  const out = new Uint8Array(w * h);
  draw((y, from, to) => {
    ok(y >= 0 && y < h && from >= 0 && from < to && to <= w, "span inside the film");
    for (let x = from; x < to; x++) {
      equal(out[y * w + x], 0, "pixel painted twice");
      out[y * w + x] = 255;
    }
  });
  return out;
}

test("a brush covers exactly the pixels whose centre is near its line", () => {
  const next = random(1);
  for (let k = 0; k < 400; k++) {
    const [w, h] = [1 + next(60), 1 + next(60)];
    const [ax, ay, bx, by] = [next(90) - 15, next(90) - 15, next(90) - 15, next(90) - 15];
    const size = 1 + 2 * next(k % 5 === 0 ? 20 : 5);
    equal(drawn(w, h, (span) => capsule(ax, ay, bx, by, size, w, h, span)), capsuleOf(ax, ay, bx, by, size, w, h),
      `capsule ${ax},${ay} ${bx},${by} of ${size} on ${w}x${h}`);
  }
});

test("a brush of one pixel paints one pixel, of three nine", () => {
  for (const [size, count] of [[1, 1], [3, 9], [5, 21], [7, 37]]) {
    const m = new Mask(20, 20);
    m.stroke(9, 9, 9, 9, { size, soft: 0, erase: false });
    equal(m.count, count, `pixels of a brush of ${size}`);
  }
});

test("a line of one pixel has no gaps", () => {
  const m = new Mask(40, 40);
  m.stroke(1, 2, 37, 20, { size: 1, soft: 0, erase: false });
  for (let x = 1; x <= 37; x++) {
    ok(Array.from({ length: 40 }, (_, y) => m.has(x, y)).some(Boolean), `column ${x} has a pixel`);
  }
});

test("one soft stroke gives the mask of a hard one, repeated ones a wider", () => {
  for (const soft of [1, 2, 5, 16, 30]) {
    const hard = new Mask(90, 90);
    const softly = new Mask(90, 90);
    hard.stroke(30, 40, 60, 45, HARD);
    softly.stroke(30, 40, 60, 45, { ...HARD, soft });
    equal(softly.binary(), hard.binary(), `mask with softness ${soft}`);
    const once = softly.count;
    softly.stroke(30, 40, 60, 45, { ...HARD, soft });
    equal(softly.count, once, "the same stroke passing twice");
    softly.end();
    softly.stroke(30, 40, 60, 45, { ...HARD, soft });
    ok(soft < 5 || softly.count > once, "a second stroke wears into the edge");
  }
});

test("the eraser takes away what the brush painted", () => {
  const m = new Mask(50, 50);
  m.stroke(10, 10, 40, 30, HARD);
  m.end();
  m.stroke(10, 10, 40, 30, { ...HARD, erase: true });
  equal(m.count, 0, "count");
  equal(m.levels, new Uint8Array(2500), "levels");
});

test("the threshold brush changes only pixels that it may", () => {
  const m = new Mask(30, 30);
  m.stroke(5, 15, 25, 15, { ...HARD, accept: (i) => i % 2 === 0 });
  ok(m.count > 0, "it paints");
  ok(m.levels.every((v, i) => v === 0 || i % 2 === 0), "only even pixels");
});

test("a box and the polygon of its corners are the same mask", () => {
  const next = random(2);
  for (let k = 0; k < 100; k++) {
    const [w, h] = [1 + next(40), 1 + next(40)];
    const [ax, ay, bx, by] = [next(60) - 10, next(60) - 10, next(60) - 10, next(60) - 10];
    const [l, t, r, b] = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx) + 1, Math.max(ay, by) + 1];
    equal(drawn(w, h, (span) => box(ax, ay, bx, by, w, h, span)),
      drawn(w, h, (span) => polygon([l, t, r, t, r, b, l, b], w, h, span)), `box ${ax},${ay} ${bx},${by}`);
  }
});

test("a polygon has the pixels whose centre is inside by the even-odd rule", () => {
  const next = random(3);
  for (let k = 0; k < 200; k++) {
    const [w, h] = [40, 30];
    // Corners on whole pixels plus a quarter: no centre lies on an edge but by a rare chance, which is left out below.
    const points = Array.from({ length: 2 * (3 + next(6)) }, () => next(50) - 5 + 0.25);
    const actual = drawn(w, h, (span) => polygon(points, w, h, span));
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        let [inside, edge] = [false, false];
        for (let i = 0; i < points.length; i += 2) {
          const j = (i + 2) % points.length;
          const [x0, y0, x1, y1] = [points[i] - x - 0.5, points[i + 1] - y - 0.5, points[j] - x - 0.5, points[j + 1] - y - 0.5];
          const cross = x0 * y1 - x1 * y0;
          edge ||= cross === 0;
          if ((y0 < 0) !== (y1 < 0) && (cross > 0) === (y1 > y0)) {
            inside = !inside;
          }
        }
        if (!edge) {
          equal(actual[y * w + x] > 0, inside, `pixel ${x},${y} of ${points}`);
        }
      }
    }
  }
});

test("undo and redo lead through every state and back", () => {
  const next = random(4);
  const masks = { edit: new Mask(61, 47), keep: new Mask(61, 47) };
  const undo = new Undo(masks);
  const state = () => [Array.from(masks.edit.levels), Array.from(masks.keep.levels), masks.edit.count, masks.keep.count];
  const states = [state()];
  for (let k = 0; k < 60; k++) {
    const role = next(3) ? "edit" : "keep";
    const m = masks[role];
    const [ax, ay, bx, by] = [next(80) - 10, next(60) - 10, next(80) - 10, next(60) - 10];
    switch (next(6)) {
      case 0: m.box(ax, ay, bx, by, next(2) === 1); break;
      case 1: m.polygon([ax, ay, bx, by, next(61), next(47)], next(2) === 1); break;
      case 2: m.invert(); break;
      default: m.stroke(ax, ay, bx, by, { size: 1 + 2 * next(9), soft: next(8), erase: next(3) === 0 });
    }
    if (undo.commit(role)) {
      states.push(state());
    }
  }
  ok(states.length > 40, "most changes change something");
  for (let k = states.length - 2; k >= 0; k--) {
    undo.undo();
    equal(state(), states[k], `state ${k} undone`);
  }
  ok(!undo.canUndo && undo.undo() === null, "nothing is left to undo");
  for (let k = 1; k < states.length; k++) {
    undo.redo();
    equal(state(), states[k], `state ${k} redone`);
  }
  ok(!undo.canRedo, "nothing is left to redo");
  for (const m of Object.values(masks)) {
    equal(m.count, m.levels.filter((v) => v > 127).length, "count");
    equal(m.touched, m.levels.filter((v) => v > 0).length, "touched");
  }
});

test("a change after an undo forgets what was undone", () => {
  const masks = { edit: new Mask(20, 20) };
  const undo = new Undo(masks);
  masks.edit.box(0, 0, 5, 5, false);
  undo.commit("edit");
  undo.undo();
  masks.edit.box(3, 3, 9, 9, false);
  undo.commit("edit");
  ok(!undo.canRedo, "redo is empty");
  equal(masks.edit.count, 49, "count");
});

test("the memory of undo is bounded, and its last change is kept", () => {
  const masks = { edit: new Mask(300, 300) };
  const undo = new Undo(masks, 2000);
  for (let k = 0; k < 100; k++) {
    masks.edit.stroke(10 + k, 20, 200, 10 + 2 * k, HARD);
    undo.commit("edit");
  }
  ok(undo.bytes <= 2000 || undo.done.length === 1, "within the bound");
  equal(undo.bytes, undo.done.reduce((sum, e) => sum + e.delta.size, 0), "bytes");
  ok(undo.canUndo, "the last change can be undone");
});

test("a delta is small: a filled box of nine million pixels takes some bytes", () => {
  const m = new Mask(3000, 3000);
  m.box(0, 0, 2999, 2999, false);
  const delta = m.end();
  ok(delta.size < 100, `${delta.size} bytes`);
  m.apply(delta);
  equal(m.count, 0, "count");
});

test("a delta of equal states is none", () => {
  const a = new Uint8Array(100);
  equal(Delta.between(a, a, 10, Rect.of(0, 0, 10, 10)), null);
  equal(Delta.between(a, a, 10, new Rect()), null);
});

test("replace refuses levels of another size", () => {
  let message = "";
  try {
    new Mask(4, 4).replace(new Uint8Array(5));
  } catch (e) {
    message = e.message;
  }
  equal(message, "the mask has 5 pixels, the film 16");
});
