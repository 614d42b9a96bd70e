/** Grey pictures as grids of numbers: values between pixels, and the brightness of the paper. */

/** @typedef {{ values: Float32Array, width: number, height: number }} Grid */

const OVERVIEW = 256; // pixels: the longer side of the small copy from which the light is measured

/**
 * The brightness of the paper at each place. What is brighter and narrower than `widest` pixels is not paper.
 * @param {Grid} grid
 * @param {number} widest
 * @returns {(x: number, y: number) => number}
 */
export function paperOf(grid, widest) {
  const small = shrunk(grid, OVERVIEW);
  const reach = Math.max(1, Math.round((widest * small.width) / grid.width / 2));
  changeLines(small, (line) => opened(line, reach));
  const [right, down] = [small.width / grid.width, small.height / grid.height];
  return (x, y) => between(small, (x + 0.5) * right - 0.5, (y + 0.5) * down - 0.5);
}

/**
 * The brightest value within reach of each place, smoothed.
 * @param {Grid} grid
 * @param {number} reach
 * @returns {(x: number, y: number) => number}
 */
export function brightestNear({ values, width, height }, reach) {
  const block = Math.max(1, Math.floor(reach / 6));
  const [across, down] = [Math.ceil(width / block), Math.ceil(height / block)];
  const small = { values: new Float32Array(across * down), width: across, height: down };
  for (let j = 0; j < values.length; j++) {
    const k = Math.floor(Math.floor(j / width) / block) * across + Math.floor((j % width) / block);
    small.values[k] = Math.max(small.values[k], values[j]);
  }
  const blocks = Math.round(reach / block);
  changeLines(small, (line) => extremes(line, blocks, Math.max));
  changeLines(small, (line) => means(line, blocks));
  return (x, y) => between(small, (x + 0.5) / block - 0.5, (y + 0.5) / block - 0.5);
}

/**
 * A picture shrunk to at most so many pixels on its longer side. Each pixel is the mean of those it stands for.
 * @param {Grid} grid
 * @param {number} longest
 * @returns {Grid}
 */
export function shrunk({ values, width, height }, longest) {
  const factor = Math.max(Math.max(width, height) / longest, 1);
  const [across, down] = [width, height].map((side) => Math.max(1, Math.floor(side / factor)));
  const [sums, times] = [new Float32Array(across * down), new Float32Array(across * down)];
  for (let j = 0; j < values.length; j++) {
    const x = Math.floor(((j % width) * across) / width);
    const k = Math.floor((Math.floor(j / width) * down) / height) * across + x;
    sums[k] += values[j];
    times[k] += 1;
  }
  return { values: sums.map((sum, k) => sum / times[k]), width: across, height: down };
}

/**
 * Change each row of a grid, then each column.
 * @param {Grid} grid
 * @param {(line: Float32Array) => Float32Array} change
 */
function changeLines({ values, width, height }, change) {
  for (let y = 0; y < height; y++) values.set(change(values.slice(y * width, (y + 1) * width)), y * width);
  for (let x = 0; x < width; x++) {
    const column = change(Float32Array.from({ length: height }, (_, y) => values[y * width + x]));
    column.forEach((value, y) => {
      values[y * width + x] = value;
    });
  }
}

/**
 * A line without what is brighter than its surroundings and narrower than 2 * reach + 1. Beyond its ends, the line is
 * continued by its mirror image, upside down.
 * @param {Float32Array} line
 * @param {number} reach
 */
function opened(line, reach) {
  const last = line.length - 1;
  const edge = Math.min(2 * reach, last);
  const longer = Float32Array.from({ length: line.length + 2 * edge }, (_, i) => {
    const inside = Math.min(Math.max(i - edge, 0), last);
    return 2 * line[inside] - line[2 * inside - i + edge];
  });
  return extremes(extremes(longer, reach, Math.min), reach, Math.max).slice(edge, edge + line.length);
}

/**
 * The least, or the greatest, of the numbers within reach of each. Windows double until they are about wide enough.
 * @param {Float32Array} numbers
 * @param {number} reach
 * @param {(...numbers: number[]) => number} better
 */
function extremes(numbers, reach, better) {
  const best = new Float32Array(numbers.length + 2 * reach).fill(better()); // which is worse than any number
  best.set(numbers, reach);
  let width = 1;
  for (; 2 * width <= 2 * reach + 1; width *= 2) {
    for (let i = 0; i + width < best.length; i++) best[i] = better(best[i], best[i + width]);
  }
  return numbers.map((_, i) => better(best[i], best[i + 2 * reach + 1 - width]));
}

/**
 * The mean of the numbers within reach of each.
 * @param {Float32Array} numbers
 * @param {number} reach
 */
function means(numbers, reach) {
  const sums = new Float64Array(numbers.length + 1); // each of all numbers before it
  numbers.forEach((number, i) => {
    sums[i + 1] = sums[i] + number;
  });
  return numbers.map((_, i) => {
    const [first, end] = [Math.max(i - reach, 0), Math.min(i + reach + 1, numbers.length)];
    return (sums[end] - sums[first]) / (end - first);
  });
}

/**
 * The value of a picture at a point, by linear interpolation between four pixels.
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 */
export function between({ values, width, height }, x, y) {
  const [column, row] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, down] = [left + 1 < width ? 1 : 0, top + 1 < height ? width : 0];
  const at = top * width + left;
  const upper = values[at] + (column - left) * (values[at + right] - values[at]);
  const lower = values[at + down] + (column - left) * (values[at + down + right] - values[at + down]);
  return upper + (row - top) * (lower - upper);
}
