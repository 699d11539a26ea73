import { COLOURS } from "./overlay.js";

/** Draws the cells of the latent grid that masks set, and the square that the model sees. */
export function drawCells(context, view, cells, unit) {
  const { columns, rows, left, top, cell_width: w, cell_height: h } = cells;
  const a = view.toCanvas(left, top);
  const [cw, ch] = [w * view.scale, h * view.scaleY];
  const colour = ([r, g, b], alpha) => `rgb(${r} ${g} ${b} / ${alpha})`;
  context.lineWidth = Math.max(1, unit);
  for (const role of /** @type {const} */ (["edit", "keep"])) {
    context.fillStyle = colour(COLOURS[role], 0.16);
    context.strokeStyle = colour(COLOURS[role], 0.95);
    context.beginPath();
    for (const i of cells[role]) {
      context.rect(a.x + (i % columns) * cw, a.y + Math.floor(i / columns) * ch, cw, ch);
    }
    context.fill();
    context.stroke();
    if (role === "keep") { // crossed, for those who do not tell the colours apart
      context.beginPath();
      for (const i of cells.keep) {
        const [x, y] = [a.x + (i % columns) * cw, a.y + Math.floor(i / columns) * ch];
        context.moveTo(x, y);
        context.lineTo(x + cw, y + ch);
      }
      context.stroke();
    }
  }
  context.setLineDash([4 * unit, 4 * unit]);
  context.strokeStyle = "rgb(255 255 255 / 70%)";
  context.strokeRect(a.x, a.y, columns * cw, rows * ch);
}

/**
 * Draws a preview, one pixel per cell, in the cells that are edited; all others stay as the film is.
 *
 * @param {ImageBitmap} image
 */
export function drawPreview(context, view, image, cells) {
  const a = view.toCanvas(cells.left, cells.top);
  const [cw, ch] = [cells.cell_width * view.scale, cells.cell_height * view.scaleY];
  context.save();
  context.beginPath();
  for (const i of cells.edit) {
    context.rect(a.x + (i % cells.columns) * cw, a.y + Math.floor(i / cells.columns) * ch, cw, ch);
  }
  context.clip();
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, a.x, a.y, cells.columns * cw, cells.rows * ch);
  context.restore();
}
