/**
 * Puts a drawing into MNIST's form: the longer side 20 pixels, each pixel the mean of the ink on its area, the centre
 * of mass in the middle of 28x28. The pen is then as thick as MNIST's, however large the drawing is.
 */

import { PIXELS, SIDE } from "#constants";
import { isEmpty } from "#drawing";

/** @typedef {import("#drawing").Drawing} Drawing */
/** @typedef {import("#drawing").Point} Point */
/** @typedef {{ scale: number, x: number, y: number }} Frame enlarge by scale, and move pixel x, y to the middle */

export const PEN = 2.4; // pixels: the mean width of MNIST's strokes, their ink divided by their length
export const LONGER = Math.round((20 * SIDE) / 28);
export const FINE = 8; // points on a pixel's side: the ink is drawn on this finer grid first
const MIDDLE = SIDE / 2 + 0.5; // the middle of pixel number 14, where MNIST has its centres of mass
export const ACROSS = SIDE * FINE;

/**
 * The 784 bytes of the drawing in MNIST's form, or null if nothing is drawn. A test image has this form already.
 * @param {Drawing} drawing
 * @returns {Uint8Array | null}
 */
export function formOf(drawing) {
  if (isEmpty(drawing)) return null;
  if (drawing.image && drawing.strokes.length === 0) return drawing.image;
  return centred(inkOf(drawing, frameOf(corners(drawing))));
}

/**
 * The points that the frame has to hold, in pixels of the pad.
 * @param {Drawing} drawing
 * @returns {Point[]}
 */
function corners({ image, strokes }) {
  const points = strokes.flat().map(({ x, y }) => ({ x: x * SIDE, y: y * SIDE }));
  image?.forEach((ink, j) => {
    if (ink) points.push({ x: (j % SIDE) + 0.5, y: Math.floor(j / SIDE) + 0.5 });
  });
  return points;
}

/**
 * @param {Point[]} points
 * @returns {Frame}
 */
function frameOf(points) {
  const [left, right] = ends(points.map(({ x }) => x));
  const [top, bottom] = ends(points.map(({ y }) => y));
  const longer = Math.max(right - left, bottom - top);
  return { scale: longer ? (LONGER - PEN) / longer : 1, x: (left + right) / 2, y: (top + bottom) / 2 };
}

/**
 * @param {number[]} numbers
 * @returns {[number, number]}
 */
function ends(numbers) {
  return [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
}

/**
 * The ink, 0 to 255, at each fine point.
 * @param {Drawing} drawing
 * @param {Frame} frame
 */
function inkOf({ image, strokes }, frame) {
  const ink = image ? enlarged(image, frame) : new Uint8Array(ACROSS * ACROSS);
  for (const stroke of strokes) {
    const points = stroke.map(({ x, y }) => ({
      x: ((x * SIDE - frame.x) * frame.scale + SIDE / 2) * FINE,
      y: ((y * SIDE - frame.y) * frame.scale + SIDE / 2) * FINE,
    }));
    points.forEach((point, i) => {
      drawLine(ink, points[Math.max(i - 1, 0)], point);
    });
  }
  return ink;
}

/**
 * A test image at the fine points, by linear interpolation between its pixels.
 * @param {Uint8Array} image
 * @param {Frame} frame
 */
function enlarged(image, frame) {
  const places = Array.from({ length: ACROSS }, (_, k) => ((k + 0.5) / FINE - SIDE / 2) / frame.scale - 0.5);
  return Uint8Array.from({ length: ACROSS * ACROSS }, (_, k) =>
    between(image, places[k % ACROSS] + frame.x, places[Math.floor(k / ACROSS)] + frame.y),
  );
}

/**
 * The ink of an image at a point, by linear interpolation between four pixels; outside there is none.
 * @param {Uint8Array} image
 * @param {number} x
 * @param {number} y
 */
function between(image, x, y) {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const at = (/** @type {number} */ i, /** @type {number} */ j) =>
    i >= 0 && i < SIDE && j >= 0 && j < SIDE ? image[j * SIDE + i] : 0;
  const across = (/** @type {number} */ j) => at(column, j) + (x - column) * (at(column + 1, j) - at(column, j));
  return across(row) + (y - row) * (across(row + 1) - across(row));
}

/**
 * Draw a line with a round pen: ink at each fine point within the pen's radius of the line.
 * @param {Uint8Array} ink
 * @param {Point} from
 * @param {Point} to
 */
function drawLine(ink, from, to) {
  const radius = (PEN * FINE) / 2;
  const [left, right] = ends([from.x, to.x]).map(Math.round);
  const [top, bottom] = ends([from.y, to.y]).map(Math.round);
  const reach = Math.ceil(radius) + 1;
  for (let y = Math.max(top - reach, 0); y < Math.min(bottom + reach, ACROSS); y++) {
    for (let x = Math.max(left - reach, 0); x < Math.min(right + reach, ACROSS); x++) {
      if (squaredDistance({ x: x + 0.5, y: y + 0.5 }, from, to) <= radius * radius) ink[y * ACROSS + x] = 255;
    }
  }
}

/**
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 */
function squaredDistance(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy || 1);
  const part = Math.min(Math.max(along, 0), 1);
  return (from.x + part * dx - point.x) ** 2 + (from.y + part * dy - point.y) ** 2;
}

/**
 * The pixels, each the mean of its fine points, moved by whole fine points so that the centre of mass is in the middle.
 * @param {Uint8Array | Float32Array} ink
 */
export function centred(ink) {
  let [mass, x, y] = [0, 0, 0];
  ink.forEach((amount, k) => {
    mass += amount;
    x += amount * ((k % ACROSS) + 0.5);
    y += amount * (Math.floor(k / ACROSS) + 0.5);
  });
  const [right, down] = [x, y].map((moment) => Math.round(moment / (mass || 1) - MIDDLE * FINE));
  const sums = new Float64Array(PIXELS);
  ink.forEach((amount, k) => {
    const column = Math.floor(((k % ACROSS) - right) / FINE);
    const row = Math.floor((Math.floor(k / ACROSS) - down) / FINE);
    if (column >= 0 && column < SIDE && row >= 0 && row < SIDE) sums[row * SIDE + column] += amount;
  });
  return Uint8Array.from(sums, (sum) => Math.round(sum / (FINE * FINE)));
}
