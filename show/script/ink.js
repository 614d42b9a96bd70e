/**
 * Tells ink from paper, as `classify` does on a clean picture: ink differs from the paper around it by more than
 * Otsu's threshold (1979).
 */

import { brightestNear, paperOf } from "#paper";

/** @typedef {import("#paper").Grid} Grid */
/** @typedef {{ width: number, height: number, amount: Float32Array, mask: Uint8Array }} Ink amount of 0 to 1; mask 0, 1 */

const GRAIN = [0.00013, 0.00443, 0.05401, 0.24204, 0.39894, 0.24204, 0.05401, 0.00443, 0.00013]; // Gaussian, sigma 1
export const FAINTEST = 14; // levels of 255: ink differs from paper by at least this
const NOISE = 5; // standard deviations of the paper: likewise
const DARKEST = 32; // level: darker paper is treated as if it were this bright
const WIDEST = 0.4; // of the longer side: ink is thinner than this
const PATCH = 6; // stroke widths: the same limit, once the strokes' width is known
const REACH = 3; // stroke widths: ink is compared with the darkest ink within this distance
const SHARE = 0.45; // of that darkest ink: the least that counts as ink
const SOME = 100_000; // numbers: percentiles are taken from a sample of this size

/**
 * The ink of a picture, or null if there is none.
 * @param {ImageData} picture
 * @returns {Ink | null}
 */
export function findInk(picture) {
  const { width, height } = picture;
  const { grid, dark } = grey(picture);
  const first = abovePaper(grid, dark, Math.min(WIDEST * Math.max(width, height), width, height));
  const stroke = strokeWidth(first, width, otsu(first, floorOf(first)));
  if (!stroke) return null;
  const above = abovePaper(grid, dark, Math.min(PATCH * stroke, width, height)); // the light may change more quickly
  const floor = floorOf(above);
  const darkest = brightestNear({ values: above, width, height }, Math.max(1, Math.round(REACH * stroke)));
  const mask = Uint8Array.from(above, (value, j) => {
    return Number(value > Math.max(floor, SHARE * darkest(j % width, Math.floor(j / width))));
  });
  const inked = above.filter((_, j) => mask[j]);
  if (inked.length === 0) return null;
  const [none, full] = [floor / 2, percentile(inked, 0.75)];
  const amount = above.map((value) => Math.min(Math.max((value - none) / (full - none), 0), 1));
  return { width, height, amount, mask };
}

/**
 * A picture in grey, smoothed, with ink brighter than paper; and whether the ink was darker in the picture.
 * @param {ImageData} picture
 */
function grey({ width, height, data }) {
  const values = new Float32Array(width * height);
  for (let j = 0; j < values.length; j++) values[j] = (data[4 * j] + data[4 * j + 1] + data[4 * j + 2]) / 3;
  const dark = percentile(values, 0.5) >= 128; // most of a picture is paper: if that is bright, ink is dark
  if (dark) for (let j = 0; j < values.length; j++) values[j] = 255 - values[j];
  return { grid: blurred({ values, width, height }), dark };
}

/**
 * By how many levels each pixel is brighter than the paper. Dark ink is scaled by the light on its paper.
 * @param {Grid} grid
 * @param {boolean} dark
 * @param {number} widest
 */
function abovePaper(grid, dark, widest) {
  const paper = paperOf(grid, widest);
  return grid.values.map((value, j) => {
    const light = paper(j % grid.width, Math.floor(j / grid.width));
    const above = (value - light) * (dark ? 255 / Math.max(255 - light, DARKEST) : 1);
    return Math.min(Math.max(above, -255), 255);
  });
}

/**
 * By how many levels ink differs from paper at least: more than the paper's own noise.
 * @param {Float32Array} above
 */
function floorOf(above) {
  const [low, middle] = [percentile(above, 0.05), percentile(above, 0.25)];
  const deviation = (middle - low) / 0.97;
  return middle + 0.67 * deviation + Math.max(NOISE * deviation, FAINTEST);
}

/**
 * The strokes' width in pixels, 0 if there are none: twice the ink divided by the edge, which runs along both sides.
 * @param {Float32Array} above
 * @param {number} width
 * @param {number} threshold
 */
function strokeWidth(above, width, threshold) {
  const inked = (/** @type {number} */ j) => above[j] > threshold;
  let [ink, edges] = [0, 0];
  for (let j = 0; j < above.length; j++) {
    if (!inked(j)) continue;
    ink += 1;
    if (!(inked(j - 1) && inked(j + 1) && inked(j - width) && inked(j + width))) edges += 1;
  }
  return edges && (2 * ink) / edges;
}

/**
 * The value below which a given share of the numbers lies.
 * @param {Float32Array} numbers
 * @param {number} share
 */
function percentile(numbers, share) {
  const step = Math.ceil(numbers.length / SOME);
  const some = Float32Array.from({ length: Math.ceil(numbers.length / step) }, (_, i) => numbers[i * step]).sort();
  return some[Math.floor(share * (some.length - 1))];
}

/**
 * @param {Grid} grid
 * @returns {Grid}
 */
function blurred({ values, width, height }) {
  const reach = GRAIN.length >> 1;
  const inside = (/** @type {number} */ at, /** @type {number} */ length) => {
    const mirrored = Math.abs(at) % Math.max(2 * length - 2, 1);
    return Math.min(mirrored, 2 * length - 2 - mirrored);
  };
  let from = values;
  for (const [step, length] of [
    [1, width],
    [width, height],
  ]) {
    const to = new Float32Array(values.length);
    const places = Int32Array.from({ length: length + 2 * reach }, (_, k) => inside(k - reach, length) * step);
    for (let j = 0; j < to.length; j++) {
      const at = Math.floor(j / step) % length;
      const origin = j - at * step;
      let sum = 0;
      for (let k = 0; k < GRAIN.length; k++) sum += GRAIN[k] * from[origin + places[at + k]];
      to[j] = sum;
    }
    from = to;
  }
  return { values: from, width, height };
}

/**
 * Otsu's threshold: the level that splits the numbers above a floor into the two groups that differ most.
 * @param {Float32Array} numbers
 * @param {number} floor
 */
function otsu(numbers, floor) {
  const counts = new Float64Array(256);
  for (const value of numbers) if (value > floor) counts[Math.floor(value)] += 1;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const total = counts.reduce((sum, count, level) => sum + count * level, 0);
  let [below, sum, best, threshold] = [0, 0, 0, floor];
  for (let level = 0; level < 256; level++) {
    below += counts[level];
    sum += counts[level] * level;
    if (below === 0 || below === all) continue;
    const apart = below * (all - below) * (sum / below - (total - sum) / (all - below)) ** 2;
    if (apart > best) [best, threshold] = [apart, Math.max(level, floor)];
  }
  return threshold;
}
