/**
 * Scan conversion in the pixels of a film. A pixel (x, y) covers [x, x + 1) by [y, y + 1). All functions call
 * `span(y, from, to)` for runs of pixels [from, to) of row y, clipped to the film, each pixel at most once unless said
 * otherwise.
 */

/**
 * Pixels whose centre is at most diameter / 2 from the line between the centres of pixels a and b: what a round brush
 * covers on its way. Decided in integers, so that no rounding has a say.
 *
 * @param {number} ax column of pixel a
 * @param {number} ay row of pixel a
 * @param {number} bx
 * @param {number} by
 * @param {number} diameter odd, in pixels
 * @param {number} width of the film
 * @param {number} height of the film
 * @param {(y: number, from: number, to: number) => void} span
 */
export function capsule(ax, ay, bx, by, diameter, width, height, span) {
  const reach = (diameter - 1) / 2;
  const top = Math.max(0, Math.min(ay, by) - reach);
  const bottom = Math.min(height - 1, Math.max(ay, by) + reach);
  for (let y = top; y <= bottom; y++) {
    let [from, to] = capsuleRow(ax, ay, bx, by, diameter, y);
    from = Math.max(0, from);
    to = Math.min(width, to);
    if (from < to) {
      span(y, from, to);
    }
  }
}

/** The run of one row, which is one because a capsule is convex; found from an estimate, then decided in integers. */
function capsuleRow(ax, ay, bx, by, diameter, y) {
  const dx = bx - ax;
  const dy = by - ay;
  const radius = diameter / 2;
  const length2 = dx * dx + dy * dy;
  const inside = (x) => 4 * distance2(x - ax, y - ay, dx, dy, length2) <= diameter * diameter * Math.max(1, length2);
  // Where the row meets the two discs and the strip between them, in reals.
  let low = Infinity;
  let high = -Infinity;
  for (const [cx, cy] of [[ax, ay], [bx, by]]) {
    const h = radius * radius - (y - cy) * (y - cy);
    if (h >= 0) {
      low = Math.min(low, cx - Math.sqrt(h));
      high = Math.max(high, cx + Math.sqrt(h));
    }
  }
  if (dy !== 0) {
    // |(x - ax) dy - (y - ay) dx| <= radius * length, and the foot of the perpendicular between a and b
    const half = radius * Math.sqrt(length2) / Math.abs(dy);
    const middle = ax + (y - ay) * dx / dy;
    let l = middle - half;
    let r = middle + half;
    if (dx !== 0) {
      const p = ax - (y - ay) * dy / dx;
      const q = p + length2 / dx;
      l = Math.max(l, Math.min(p, q));
      r = Math.min(r, Math.max(p, q));
    } else if ((y - ay) * (y - by) > 0) {
      r = -Infinity;
    }
    if (l <= r) {
      low = Math.min(low, l);
      high = Math.max(high, r);
    }
  } else if (Math.abs(y - ay) <= radius) {
    low = Math.min(low, ax, bx);
    high = Math.max(high, ax, bx);
  }
  if (low > high) {
    return [0, 0];
  }
  let from = Math.ceil(low) - 1;
  let to = Math.floor(high) + 1;
  while (from <= to && !inside(from)) {
    from++;
  }
  while (to >= from && !inside(to)) {
    to--;
  }
  return [from, to + 1];
}

/** Square of the distance of (px, py) from the segment (0, 0) - (dx, dy), times max(1, dx² + dy²); an integer. */
function distance2(px, py, dx, dy, length2) {
  const along = px * dx + py * dy;
  if (along <= 0 || length2 === 0) {
    return (px * px + py * py) * Math.max(1, length2);
  }
  if (along >= length2) {
    return ((px - dx) * (px - dx) + (py - dy) * (py - dy)) * length2;
  }
  const across = px * dy - py * dx;
  return across * across;
}

/** Distance of the centre of pixel (x, y) from the line between the centres of pixels a and b, in pixels. */
export function distance(x, y, ax, ay, bx, by) {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  return Math.sqrt(distance2(x - ax, y - ay, dx, dy, length2) / Math.max(1, length2));
}

/**
 * The inside of a closed polygon by the even-odd rule: pixels whose centre is inside, as `polygon:` of the command line.
 *
 * @param {number[]} points x and y alternating, in pixels of the film; (0, 0) is the outer corner of the first pixel
 */
export function polygon(points, width, height, span) {
  const n = points.length;
  /** @type {number[][]} */
  const crossings = [];
  for (let i = 0; i < n; i += 2) {
    const j = (i + 2) % n;
    const down = points[i + 1] < points[j + 1];
    const [x0, y0] = down ? [points[i], points[i + 1]] : [points[j], points[j + 1]];
    const [x1, y1] = down ? [points[j], points[j + 1]] : [points[i], points[i + 1]];
    const first = clamp(Math.ceil(y0 - 0.5), 0, height);
    const last = clamp(Math.ceil(y1 - 0.5), 0, height);
    for (let y = first; y < last; y++) {
      const x = x0 + (y + 0.5 - y0) / (y1 - y0) * (x1 - x0);
      (crossings[y] ??= []).push(clamp(Math.ceil(x - 0.5), 0, width));
    }
  }
  crossings.forEach((row, y) => {
    row.sort((a, b) => a - b);
    for (let k = 0; k + 1 < row.length; k += 2) {
      if (row[k] < row[k + 1]) {
        span(y, row[k], row[k + 1]);
      }
    }
  });
}

/** The pixels of a box given by two of its corner pixels, both included. */
export function box(ax, ay, bx, by, width, height, span) {
  const from = Math.max(0, Math.min(ax, bx));
  const to = Math.min(width, Math.max(ax, bx) + 1);
  const bottom = Math.min(height - 1, Math.max(ay, by));
  for (let y = Math.max(0, Math.min(ay, by)); y <= bottom && from < to; y++) {
    span(y, from, to);
  }
}

function clamp(v, low, high) {
  return v < low ? low : v > high ? high : v;
}
