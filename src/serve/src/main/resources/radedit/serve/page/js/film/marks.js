import { COLOURS } from "./overlay.js";

/**
 * Draws what belongs to the tools: the brush's outline, shapes that are being drawn, the cursor.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./viewport.js").Viewport} port
 * @param {number} unit canvas pixels per CSS pixel
 * @param {import("./tools.js").Tools} tools
 * @param {number[]} corners of a polygon, x and y alternating
 * @param {{from: {x: number, y: number}, to: {x: number, y: number}} | null} box
 */
export function drawMarks(context, port, unit, tools, corners, box) {
  const erases = tools.erase || tools.tool === "eraser";
  const colour = erases ? "#fff" : `rgb(${COLOURS[tools.role].join(" ")})`;
  const stroke = (dash) => {
    context.setLineDash([]);
    context.lineWidth = 3 * unit;
    context.strokeStyle = "rgb(0 0 0 / 60%)";
    context.stroke();
    context.setLineDash(dash ? [5 * unit, 4 * unit] : []);
    context.lineWidth = 1.25 * unit;
    context.strokeStyle = colour;
    context.stroke();
  };
  if (box) {
    const { from, to } = box;
    const a = port.toCanvas(Math.min(from.x, to.x), Math.min(from.y, to.y));
    const b = port.toCanvas(Math.max(from.x, to.x) + 1, Math.max(from.y, to.y) + 1);
    context.beginPath();
    context.rect(a.x, a.y, b.x - a.x, b.y - a.y);
    stroke(true);
  }
  drawCorners(context, port, unit, corners, tools.at, stroke);
  if (!tools.at) {
    return;
  }
  const c = port.toCanvas(tools.at.x + 0.5, tools.at.y + 0.5);
  const { size, soft } = tools.brush;
  if (["brush", "eraser", "threshold"].includes(tools.present)) {
    for (const [i, r] of (soft > 0 ? [size / 2, (size + soft) / 2] : [size / 2]).entries()) {
      context.beginPath();
      context.ellipse(c.x, c.y, Math.max(1, r * port.scale), Math.max(1, r * port.scaleY), 0, 0, 7);
      stroke(i > 0);
    }
  }
  if (tools.byKeys || ["box", "polygon"].includes(tools.present)) {
    const arm = 9 * unit;
    context.beginPath();
    context.moveTo(c.x - arm, c.y);
    context.lineTo(c.x + arm, c.y);
    context.moveTo(c.x, c.y - arm);
    context.lineTo(c.x, c.y + arm);
    stroke(false);
  }
}

function drawCorners(context, port, unit, corners, at, stroke) {
  if (corners.length === 0) {
    return;
  }
  context.beginPath();
  for (let i = 0; i < corners.length; i += 2) {
    const c = port.toCanvas(corners[i], corners[i + 1]);
    context.lineTo(c.x, c.y);
  }
  if (at) {
    const c = port.toCanvas(at.x + 0.5, at.y + 0.5);
    context.lineTo(c.x, c.y);
  }
  stroke(true);
  for (let i = 0; i < corners.length; i += 2) {
    const c = port.toCanvas(corners[i], corners[i + 1]);
    context.beginPath();
    context.arc(c.x, c.y, (i === 0 ? 5 : 3) * unit, 0, 7);
    stroke(false);
  }
}
