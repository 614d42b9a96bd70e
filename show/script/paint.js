/** Pictures of 28x28: ink on paper, and numbers in two colours. The colours are the page's own, light or dark. */

import { PIXELS, SIDE } from "#exact";

/**
 * A colour of the style sheet, as red, green, blue.
 * @param {string} name
 * @returns {number[]}
 */
function colour(name) {
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
 * @param {HTMLCanvasElement} canvas
 * @param {(j: number) => [number[], number]} colourAndCover
 */
function paint(canvas, colourAndCover) {
  const picture = new ImageData(SIDE, SIDE);
  for (let j = 0; j < PIXELS; j++) {
    const [rgb, cover] = colourAndCover(j);
    picture.data.set([...rgb, cover], 4 * j);
  }
  canvas.width = SIDE;
  canvas.height = SIDE;
  context(canvas).putImageData(picture, 0, 0);
}

/**
 * Paint an image as ink; null is blank.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array | null} pixels
 */
export function paintInk(canvas, pixels) {
  const ink = colour("--ink");
  paint(canvas, (j) => [ink, pixels ? pixels[j] : 0]);
}

/**
 * Paint numbers, blue above 0 and red below: for yes, and for no; full where they are the largest.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} numbers
 * @param {number} largest
 */
export function paintSigned(canvas, numbers, largest) {
  const [yes, no] = [colour("--blue"), colour("--red")];
  paint(canvas, (j) => [numbers[j] > 0 ? yes : no, Math.round((255 * Math.abs(numbers[j])) / (largest || 1))]);
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
