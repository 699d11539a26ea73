/** Writes 8-bit grey PNGs. The browser's own encoder goes through premultiplied colours; here bytes stay what they are. */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

const CRC = new Uint32Array(256).map((_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) {
    c = c & 1 ? 0xEDB88320 ^ (c >>> 1) : c >>> 1;
  }
  return c;
});

/**
 * @param {Uint8Array} levels row by row
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>}
 */
export async function greyPng(levels, width, height) {
  const rows = new Uint8Array(height * (width + 1)); // each row begins with its filter: 0, none
  for (let y = 0; y < height; y++) {
    rows.set(levels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8; // bits; the rest: grey, deflate, filters, not interlaced
  const data = await new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"))).arrayBuffer();
  return new Blob([Uint8Array.from(SIGNATURE), chunk("IHDR", header), chunk("IDAT", new Uint8Array(data)),
    chunk("IEND", new Uint8Array(0))], { type: "image/png" });
}

function chunk(type, data) {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) {
    out[4 + i] = type.charCodeAt(i);
  }
  out.set(data, 8);
  let c = 0xFFFFFFFF;
  for (let i = 4; i < data.length + 8; i++) {
    c = CRC[(c ^ out[i]) & 255] ^ (c >>> 8);
  }
  view.setUint32(data.length + 8, (c ^ 0xFFFFFFFF) >>> 0);
  return out;
}
