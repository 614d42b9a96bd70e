/** Finds the digits that a picture shows, and puts each into MNIST's form. */

import { SIDE } from "#constants";
import { cutOut } from "#cut";
import { findDigits, MOST } from "#digits";
import { LONGER } from "#form";
import { FAINTEST, findInk } from "#ink";
import { boxInFile, enlarged, pixelsIn } from "#picture";
import { extend, heightOf, longerOf, widthOf } from "#pieces";

/** @typedef {import("#picture").Picture} Picture */
/** @typedef {import("#pieces").Box} Box */
/** @typedef {{ box: Box, pixels: Uint8Array }} Digit its box in the file's pixels, and its 784 bytes */

/**
 * The digits: lines from the top, and in each line digits from the left.
 * @param {Picture} picture
 * @returns {Digit[][]}
 * @throws {RangeError} if there are more pieces than a picture may have digits
 */
export function digitsIn(picture) {
  const itself = picture.width === SIDE && picture.height === SIDE ? asItIs(picture) : null;
  if (itself) return [[itself]];
  const larger = enlarged(picture);
  const ink = findInk(pixelsIn(larger.canvas));
  if (!ink) return [];
  const { labels, lines, total } = findDigits(ink);
  if (total > MOST) throw new RangeError(`Found ${total} pieces of ink, expected ${MOST} at most: cut the picture up.`);
  return lines.map((line) => line.map((part) => ({ box: boxInFile(larger, part), pixels: cutOut(ink, labels, part) })));
}

/**
 * A picture that is already in MNIST's form, as light ink on dark; null if it is not in that form.
 * @param {Picture} picture
 * @returns {Digit | null}
 */
function asItIs({ canvas }) {
  const { data } = pixelsIn(canvas);
  const grey = Array.from({ length: SIDE * SIDE }, (_, j) => (data[4 * j] + data[4 * j + 1] + data[4 * j + 2]) / 3);
  const paper = grey.toSorted((a, b) => a - b)[grey.length >> 1];
  const pixels = Uint8Array.from(grey, (value) => Math.round(paper < 128 ? value : 255 - value));
  const box = { left: SIDE, top: SIDE, right: 0, bottom: 0 };
  let [mass, x, y] = [0, 0, 0];
  pixels.forEach((ink, j) => {
    const [left, top] = [j % SIDE, Math.floor(j / SIDE)];
    if (ink > FAINTEST) extend(box, { left, top, right: left + 1, bottom: top + 1 });
    mass += ink;
    x += ink * left;
    y += ink * top;
  });
  const aside = Math.max(Math.abs(x / mass - SIDE / 2), Math.abs(y / mass - SIDE / 2));
  const hasForm = widthOf(box) > 0 && heightOf(box) > 0 && Math.abs(longerOf(box) - LONGER) <= 1 && aside <= 1;
  return hasForm ? { box, pixels } : null;
}
