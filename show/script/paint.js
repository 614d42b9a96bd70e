/** Pictures of pixels and of strokes: ink on paper, and numbers in two colours, the page's own, light or dark. */

import { AWAY, DIRECTIONS, GROWS, LONG, PIXELS, PLACES, SIDE, THICK } from "#constants";

/** @typedef {(k: number) => [number[], number]} Colours of a number: red, green, blue; its cover, of 0 to 255 */
/** @typedef {(canvas: HTMLCanvasElement, colours: Colours) => void} Paint */

const PLACE = 64; // pixels on the side of a place where strokes are painted: sharp on any screen

/**
 * A colour of the style sheet, as red, green, blue.
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
 * Paint each pixel in a colour, covering the paper so much: from 0, not at all, to 255.
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
 * Paint each stroke in its place, along the edge that it is, the strongest of a place on top.
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
 * Fill a bar across the way in which ink grows, a little before the middle of its place.
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
 * Paint what is seen as ink; nothing is blank.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array | null | undefined} seen
 * @param {Paint} [paint]
 */
export function paintInk(canvas, seen, paint = paintPixels) {
  const ink = colour("--ink");
  paint(canvas, (k) => [ink, seen ? seen[k] : 0]);
}

/**
 * Paint numbers, blue above 0 and red below: for yes, and for no; full where they are the largest.
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
 * The largest size of some numbers.
 * @param {ArrayLike<number>} numbers
 */
export function largestOf(numbers) {
  let largest = 0;
  for (let j = 0; j < numbers.length; j++) largest = Math.max(largest, Math.abs(numbers[j]));
  return largest;
}

/**
 * Call when the page turns light or dark: what is painted must be painted anew.
 * @param {() => void} listener
 */
export function onColours(listener) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
}
