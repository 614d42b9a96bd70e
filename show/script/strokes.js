/**
 * Computes the strokes of an image, bit for bit as stages/features does: the image is set upright, then the directions
 * of its edges are summed in 7x7 places. The formulas and their sources are in stages/features.
 *
 * Sums are whole numbers. The rest is + - * / and the square root in float64, in the same order as there.
 */

import {
  APART,
  BORDER,
  DIRECTIONS,
  LARGEST,
  MIDDLE,
  MOST_SHEAR,
  PIXEL,
  PIXELS,
  PLACES,
  SCALE,
  SIDE,
  SIZE,
  SMALLEST,
  WINDOW,
} from "#constants";

/** @typedef {{ x: number, y: number, shear: number, wide: number, high: number }} Frame */

/** For each row, or column, of pixels: the places whose windows hold it, and its weight in each. */
const WINDOWS = Array.from({ length: SIDE }, (_, at) =>
  Array.from({ length: PLACES }, (_, place) => ({ place, share: WINDOW[at + BORDER - APART * place] ?? 0 })).filter(
    ({ share }) => share > 0,
  ),
);

/**
 * The strokes of 784 bytes: 7 rows of 7 places with 8 directions each.
 * @param {ArrayLike<number>} pixels
 */
export function strokes(pixels) {
  return directions(upright(pixels));
}

/**
 * @param {ArrayLike<number>} pixels
 * @returns {Frame}
 */
function frameOf(pixels) {
  let [m00, m10, m01, m20, m11, m02] = [0, 0, 0, 0, 0, 0];
  for (let j = 0; j < PIXELS; j++) {
    const [ink, x, y] = [pixels[j], j % SIDE, Math.floor(j / SIDE)];
    m00 += ink;
    m10 += ink * x;
    m01 += ink * y;
    m20 += ink * x * x;
    m11 += ink * x * y;
    m02 += ink * y * y;
  }
  const [u20, u11, u02] = [m00 * m20 - m10 * m10, m00 * m11 - m10 * m01, m00 * m02 - m01 * m01];
  if (u20 + u02 === 0) return { x: MIDDLE, y: MIDDLE, shear: 0, wide: 1, high: 1 };
  const shear = clip(u11 / Math.max(u02, 1), -MOST_SHEAR, MOST_SHEAR);
  const sx = Math.sqrt(Math.max(u20 - shear * (2 * u11 - shear * u02), 0)) / m00;
  const sy = Math.sqrt(u02) / m00;
  const [wide, high] = [Math.sqrt(sx * sy), sy].map((s) => clip(s / SIZE, SMALLEST, LARGEST));
  return { x: m10 / m00, y: m01 / m00, shear, wide, high };
}

/**
 * The image set upright: its slant removed, its centre in the middle, its size evened out.
 * @param {ArrayLike<number>} pixels
 */
export function upright(pixels) {
  const frame = frameOf(pixels);
  const image = new Uint8Array(PIXELS);
  for (let v = 0; v < SIDE; v++) {
    const y = position(frame.y - frame.high * MIDDLE, frame.high, v);
    const slope = frame.shear * (frame.high * (v - MIDDLE));
    for (let u = 0; u < SIDE; u++) {
      const x = position(frame.x + slope - frame.wide * MIDDLE, frame.wide, u);
      const column = x >> 16;
      const mixture = between(rowsMixed(pixels, column, y), rowsMixed(pixels, column + 1, y), x);
      image[v * SIDE + u] = (mixture + 32768) >> 16;
    }
  }
  return image;
}

/**
 * 256 times the ink at a height between two rows of a column.
 * @param {ArrayLike<number>} pixels
 * @param {number} column
 * @param {number} y
 */
function rowsMixed(pixels, column, y) {
  return between(at(pixels, column, y >> 16), at(pixels, column, (y >> 16) + 1), y);
}

/**
 * 256 times the linear interpolation between two numbers at a position.
 * @param {number} near
 * @param {number} far
 * @param {number} where
 */
function between(near, far, where) {
  return 256 * near + ((where >> 8) & 255) * (far - near);
}

/**
 * The position of a pixel by its number, in fractions of a pixel, clipped at the image's edge.
 * @param {number} start
 * @param {number} step
 * @param {number} number
 */
function position(start, step, number) {
  return clip(Math.floor(start * PIXEL + 0.5) + Math.floor(step * PIXEL + 0.5) * number, -PIXEL, SIDE * PIXEL);
}

/**
 * The square root of the ink's growth, by place and direction, as bytes.
 * @param {ArrayLike<number>} image
 */
function directions(image) {
  const sums = new Float64Array(PLACES * PLACES * DIRECTIONS);
  for (let j = 0; j < PIXELS; j++) addTo(sums, partsOf(image, j % SIDE, Math.floor(j / SIDE)), j);
  return Uint8Array.from(sums, (sum, k) => {
    const length = k % 2 ? sum * Math.sqrt(2) : sum;
    return Math.floor(Math.min(Math.sqrt(length) * SCALE, 255) + 0.5);
  });
}

/**
 * Add a pixel's growth to the places whose windows hold the pixel.
 * @param {Float64Array} sums
 * @param {number[]} parts
 * @param {number} j
 */
function addTo(sums, parts, j) {
  for (const row of WINDOWS[Math.floor(j / SIDE)]) {
    for (const column of WINDOWS[j % SIDE]) {
      const first = (row.place * PLACES + column.place) * DIRECTIONS;
      for (let k = 0; k < DIRECTIONS; k++) sums[first + k] += row.share * column.share * Math.max(parts[k], 0);
    }
  }
}

/**
 * The Sobel gradient at a pixel, split between the eight directions; a negative part counts as 0.
 * @param {ArrayLike<number>} image
 * @param {number} x
 * @param {number} y
 */
function partsOf(image, x, y) {
  const [nw, n, ne] = [-1, 0, 1].map((dx) => at(image, x + dx, y - 1));
  const [w, e] = [at(image, x - 1, y), at(image, x + 1, y)];
  const [sw, s, se] = [-1, 0, 1].map((dx) => at(image, x + dx, y + 1));
  const gx = ne + 2 * e + se - (nw + 2 * w + sw);
  const gy = sw + 2 * s + se - (nw + 2 * n + ne);
  const [wide, high] = [Math.abs(gx), Math.abs(gy)];
  return [
    gx - high,
    Math.min(gx, gy),
    gy - wide,
    Math.min(-gx, gy),
    -gx - high,
    Math.min(-gx, -gy),
    -gy - wide,
    Math.min(gx, -gy),
  ];
}

/**
 * A pixel's value, 0 outside the image.
 * @param {ArrayLike<number>} image
 * @param {number} x
 * @param {number} y
 */
function at(image, x, y) {
  return x >= 0 && x < SIDE && y >= 0 && y < SIDE ? image[y * SIDE + x] : 0;
}

/**
 * @param {number} number
 * @param {number} least
 * @param {number} most
 */
function clip(number, least, most) {
  return Math.min(Math.max(number, least), most);
}
