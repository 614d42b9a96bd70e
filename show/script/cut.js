/** Cuts a digit out of a picture and puts it into MNIST's form, with strokes about as wide as MNIST's. */

import { PIXELS } from "#constants";
import { ACROSS, centred, FINE, LONGER } from "#form";
import { between, shrunk } from "#paper";
import { heightOf, longerOf, strokeWidth, widthOf } from "#pieces";

/** @typedef {import("#paper").Grid} Grid */
/** @typedef {import("#pieces").Part} Part */

const [THINNEST, THICKEST] = [0.1, 0.15]; // of the longer side: half of MNIST's strokes are between these
const KEPT = 640; // pixels: a digit with a longer side than this is read in steps of several pixels
const GAIN = 1.2; // so that the middle of a stroke reaches 255, as in most of MNIST

/**
 * @param {import("#ink").Ink} ink
 * @param {Int32Array} labels each pixel's piece
 * @param {Part} part
 */
export function cutOut(ink, labels, part) {
  const longer = longerOf(part);
  const thickness = strokeWidth([part]) / longer;
  const wider = Math.min(Math.max(thickness, THINNEST), THICKEST) - thickness;
  const stride = Math.ceil(longer / KEPT);
  const fine = withStrokes(scaled(amountOf(ink, labels, part, stride), longer / stride), LONGER * FINE * wider);
  const pixels = centred(fine);
  const most = pixels.reduce((a, b) => Math.max(a, b)) || 1;
  return Uint8Array.from({ length: PIXELS }, (_, j) => Math.min(Math.round((255 * GAIN * pixels[j]) / most), 255));
}

/**
 * The ink of a part, 0 to 255, with its soft edge and without its neighbours, at every `stride`-th pixel.
 * @param {import("#ink").Ink} ink
 * @param {Int32Array} labels
 * @param {Part} part
 * @param {number} stride
 * @returns {Grid}
 */
function amountOf(ink, labels, part, stride) {
  const edge = 1 + Math.floor(longerOf(part) / LONGER);
  const [width, height] = [widthOf(part), heightOf(part)].map((side) => Math.ceil((side + 2 * edge) / stride));
  const values = new Float32Array(width * height);
  for (let j = 0; j < values.length; j++) {
    const [x, y] = [part.left - edge + (j % width) * stride, part.top - edge + Math.floor(j / width) * stride];
    if (x < 0 || x >= ink.width || y < 0 || y >= ink.height) continue;
    const label = labels[y * ink.width + x];
    if (!label || part.labels.has(label)) values[j] = 255 * ink.amount[y * ink.width + x];
  }
  return { values, width, height };
}

/**
 * A part on the fine grid: scaled to a longer side of 20 pixels, and in the grid's middle.
 * @param {Grid} grid
 * @param {number} longer
 * @returns {Float32Array}
 */
function scaled(grid, longer) {
  const small = shrunk(grid, (LONGER * FINE * Math.max(grid.width, grid.height)) / longer);
  const [right, down] = [small.width / grid.width, small.height / grid.height];
  const step = longer / (LONGER * FINE);
  const from = (/** @type {number} */ k, /** @type {number} */ side) => (k + 0.5 - ACROSS / 2) * step + side / 2;
  return Float32Array.from({ length: ACROSS * ACROSS }, (_, k) => {
    const [x, y] = [from(k % ACROSS, grid.width), from(Math.floor(k / ACROSS), grid.height)];
    const outside = x < 0 || y < 0 || x > grid.width || y > grid.height;
    return outside ? 0 : between(small, x * right - 0.5, y * down - 0.5);
  });
}

/**
 * The image with its strokes widened by so many fine points, or narrowed if that is below 0 and some ink is left.
 * @param {Float32Array} fine
 * @param {number} wider
 * @returns {Float32Array}
 */
function withStrokes(fine, wider) {
  const disc = discOf(Math.abs(wider) / 2);
  const changed = wider > 0 ? fine.slice() : fine.map((amount, k) => (amount ? leastAround(fine, disc, k) : 0));
  if (wider > 0) for (let k = 0; k < fine.length; k++) spread(changed, disc, k, fine[k]);
  return changed.some((amount) => amount > 0) ? changed : fine;
}

/**
 * The offsets of a disc's points from its middle, in the flat array of fine points. At the grid's edge there is no ink.
 * @param {number} radius
 */
function discOf(radius) {
  const reach = Math.floor(radius);
  const side = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const points = side.flatMap((y) => side.filter((x) => x * x + y * y <= radius * radius).map((x) => y * ACROSS + x));
  return Int32Array.from(points);
}

/**
 * @param {Float32Array} fine
 * @param {Int32Array} disc
 * @param {number} k
 */
function leastAround(fine, disc, k) {
  let least = fine[k];
  for (let i = 0; i < disc.length && least; i++) least = Math.min(least, fine[k + disc[i]] ?? 0);
  return least;
}

/**
 * Raise the points around a point to at least its ink.
 * @param {Float32Array} fine
 * @param {Int32Array} disc
 * @param {number} k
 * @param {number} amount
 */
function spread(fine, disc, k, amount) {
  if (amount) for (const away of disc) if (fine[k + away] < amount) fine[k + away] = amount;
}
