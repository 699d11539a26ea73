import { THRESHOLD } from "../mask/mask.js";

/**
 * Colours of the masks (Okabe and Ito, safe for all colour vision): the edit mask is orange with stripes rising to the
 * right, the keep mask blue with stripes falling. Patterns belong to the screen, so that they look the same at any zoom.
 */
export const COLOURS = { edit: [0xF0, 0xA0, 0x30], keep: [0x4F, 0xB0, 0xF0] };

const EDIT = 1;
const KEEP = 2;
const EDIT_EDGE = 4;
const KEEP_EDGE = 8;

/**
 * Draws masks into a transparent canvas over the film; the film's pixels are not touched.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./viewport.js").Viewport} view
 * @param {{edit: import("../mask/mask.js").Mask, keep: import("../mask/mask.js").Mask}} masks
 * @param {{left: number, top: number, width: number, height: number}} area canvas pixels to draw again
 * @param {{opacity: number, pitch: number, shown: {edit: boolean, keep: boolean}}} style opacity from 0 to 1; pitch of
 *     the stripes in canvas pixels
 */
export function drawMasks(context, view, masks, area, style) {
  if (area.width <= 0 || area.height <= 0) {
    return;
  }
  const w = area.width + 2;
  const h = area.height + 2;
  const states = statesOf(view, masks, area.left - 1, area.top - 1, w, h, style.shown);
  const image = context.createImageData(area.width, area.height);
  const pixels = new Uint32Array(image.data.buffer);
  const stripe = Math.max(1, Math.round(style.pitch / 4));
  const colour = {
    edit: { plain: rgba(COLOURS.edit, style.opacity * 0.55), stripe: rgba(COLOURS.edit, style.opacity), line: rgba(COLOURS.edit, 1), soft: rgba(COLOURS.edit, style.opacity * 0.3) },
    keep: { plain: rgba(COLOURS.keep, style.opacity * 0.55), stripe: rgba(COLOURS.keep, style.opacity), line: rgba(COLOURS.keep, 1), soft: rgba(COLOURS.keep, style.opacity * 0.3) },
  };
  for (let y = 0; y < area.height; y++) {
    const sy = area.top + y;
    let i = (y + 1) * w + 1;
    for (let x = 0; x < area.width; x++, i++) {
      const s = states[i];
      if (s === 0) {
        continue;
      }
      const sx = area.left + x;
      const around = states[i - 1] & states[i + 1] & states[i - w] & states[i + w];
      const p = y * area.width + x;
      if (s & KEEP) {
        if (!(around & KEEP)) {
          pixels[p] = colour.keep.line;
        } else if ((sx - sy + 65536 * style.pitch) % style.pitch < stripe) {
          pixels[p] = colour.keep.stripe;
        } else if (s & EDIT && (sx + sy) % style.pitch < stripe) {
          pixels[p] = colour.edit.stripe; // keep wins, but what lies under it is seen
        } else {
          pixels[p] = colour.keep.plain;
        }
      } else if (s & EDIT) {
        pixels[p] = !(around & EDIT) ? colour.edit.line
          : (sx + sy) % style.pitch < stripe ? colour.edit.stripe : colour.edit.plain;
      } else if ((sx ^ sy) & 1) {
        pixels[p] = s & KEEP_EDGE ? colour.keep.soft : colour.edit.soft;
      }
    }
  }
  context.putImageData(image, area.left, area.top);
}

/** For each canvas pixel, whether a pixel that it shows is in a mask, or in the soft edge of one. */
function statesOf(view, masks, left, top, w, h, shown) {
  const states = new Uint8Array(w * h);
  const columns = ranges(left, w, view.left, view.scale, view.columns);
  const rows = ranges(top, h, view.top, view.scaleY, view.rows);
  for (const [role, inside, edge] of [["edit", EDIT, EDIT_EDGE], ["keep", KEEP, KEEP_EDGE]]) {
    const mask = masks[role];
    if (!shown[role] || mask.touched === 0) {
      continue;
    }
    const row = new Uint8Array(w);
    let drawn = -1;
    for (let y = 0; y < h; y++) {
      const [r0, r1] = [rows[2 * y], rows[2 * y + 1]];
      if (r0 >= r1) {
        continue;
      }
      if (drawn !== r0 || r1 - r0 > 1) { // enlarged, many canvas rows show the same row
        row.fill(0);
        for (let r = r0; r < r1; r++) {
          const base = r * mask.width;
          for (let x = 0; x < w; x++) {
            let most = row[x];
            for (let c = columns[2 * x]; c < columns[2 * x + 1]; c++) {
              most = Math.max(most, mask.levels[base + c]);
            }
            row[x] = most;
          }
        }
        drawn = r0;
      }
      for (let x = 0; x < w; x++) {
        if (row[x] > 0) {
          states[y * w + x] |= row[x] > THRESHOLD ? inside : edge;
        }
      }
    }
  }
  return states;
}

/** [from, to) of the picture's columns that each canvas column shows: the one at its centre, or all if reduced. */
function ranges(first, n, origin, scale, count) {
  const out = new Int32Array(2 * n);
  for (let k = 0; k < n; k++) {
    const at = first + k - origin;
    let from = Math.floor((at + 0.5) / scale);
    let to = from + 1;
    if (scale < 1) {
      from = Math.floor(at / scale);
      to = Math.max(from + 1, Math.ceil((at + 1) / scale));
    }
    out[2 * k] = Math.max(0, from);
    out[2 * k + 1] = Math.min(count, to);
  }
  return out;
}

function rgba([r, g, b], alpha) {
  return (Math.round(alpha * 255) << 24 | b << 16 | g << 8 | r) >>> 0;
}
