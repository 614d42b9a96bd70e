/** Paints pixels and strokes: ink on paper, or numbers in two colours. Colours follow the light or dark scheme. */

import { AWAY, DIRECTIONS, GROWS, LONG, PIXELS, PLACES, SIDE, THICK } from "#constants";

/** @typedef {(k: number) => [number[], number]} Colours of feature k: [red, green, blue] and opacity, all 0 to 255 */
/** @typedef {(canvas: HTMLCanvasElement, colours: Colours) => void} Paint */

const PLACE = 64; // canvas pixels on the side of a place of strokes: enough to look sharp on any screen

/**
 * A colour of the style sheet as [red, green, blue].
 * @param {string} name
 * @returns {number[]}
 */
export function colour(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/**
 * The drawing context of a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function context(canvas) {
  const found = canvas.getContext("2d");
  if (found) return found;
  throw new Error("this browser cannot draw");
}

/**
 * Paint each pixel in its colour and opacity.
 * @type {Paint}
 */
export function paintPixels(canvas, colours) {
  const picture = new ImageData(SIDE, SIDE);
  for (let j = 0; j < PIXELS; j++) {
    const [rgb, cover] = colours(j);
    picture.data.set([...rgb, cover], 4 * j);
  }
  canvas.width = SIDE;
  canvas.height = SIDE;
  context(canvas).putImageData(picture, 0, 0);
}

/**
 * Paint each stroke in its place, along its edge. The strongest of a place is on top.
 * @type {Paint}
 */
export function paintStrokes(canvas, colours) {
  canvas.width = PLACES * PLACE;
  canvas.height = PLACES * PLACE;
  const [picture, paper] = [context(canvas), colour("--card")];
  for (let place = 0; place < PLACES * PLACES; place++) {
    const strokes = GROWS.map((grows, direction) => ({ grows, painted: colours(place * DIRECTIONS + direction) }));
    strokes.sort((one, other) => one.painted[1] - other.painted[1]);
    for (const { grows, painted } of strokes) {
      const [rgb, cover] = painted;
      if (!cover) continue;
      const mixture = rgb.map((part, i) => paper[i] + (cover / 255) * (part - paper[i]));
      picture.fillStyle = `rgb(${mixture})`;
      fillStroke(picture, place, grows);
    }
  }
}

/**
 * Fill a bar at right angles to the direction in which the ink grows, a little before the middle of its place.
 * @param {CanvasRenderingContext2D} picture
 * @param {number} place
 * @param {[number, number]} grows to the right and down
 */
function fillStroke(picture, place, [right, down]) {
  const half = PLACE / 2;
  const [x, y] = [(place % PLACES) * PLACE + half, Math.floor(place / PLACES) * PLACE + half];
  picture.setTransform(right * half, down * half, -down * half, right * half, x, y);
  picture.fillRect(-AWAY - THICK, -LONG, 2 * THICK, 2 * LONG);
}

/**
 * Paint features as ink, or nothing if there are none.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array | null | undefined} seen
 * @param {Paint} [paint]
 */
export function paintInk(canvas, seen, paint = paintPixels) {
  const ink = colour("--ink");
  paint(canvas, (k) => [ink, seen ? seen[k] : 0]);
}

/**
 * Paint numbers: blue, for yes, above 0, and red, for no, below. The largest has full colour.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} numbers
 * @param {number} largest
 * @param {Paint} paint
 */
export function paintSigned(canvas, numbers, largest, paint) {
  const [yes, no] = [colour("--blue"), colour("--red")];
  paint(canvas, (k) => [numbers[k] > 0 ? yes : no, Math.round((255 * Math.abs(numbers[k])) / (largest || 1))]);
}

/**
 * The largest absolute value.
 * @param {ArrayLike<number>} numbers
 */
export function largestOf(numbers) {
  let largest = 0;
  for (let j = 0; j < numbers.length; j++) largest = Math.max(largest, Math.abs(numbers[j]));
  return largest;
}

/**
 * Call a listener when the colour scheme changes, so that it paints again.
 * @param {() => void} listener
 */
export function onColours(listener) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
}
