/**
 * Finds the digits in a picture's ink: connected pieces, joined if they are parts of one digit, and sorted into lines.
 * On a clean picture `classify` finds the same. Only `classify` cuts touching digits and removes the rules of paper.
 */

import { extend, heightOf, longerOf, pieces, strokeWidth, widthOf } from "#pieces";

/** @typedef {import("#pieces").Box} Box */
/** @typedef {import("#pieces").Part} Part */
/** @typedef {{ labels: Int32Array, lines: Part[][], total: number }} Found each pixel's piece; digits in reading order */

export const MOST = 200; // digits in a picture
const SPECK = 1.5; // stroke widths: a piece that is smaller in width and height is a speck, no part of a digit
const TINY = 0.08; // of the usual height: a smaller piece is a speck too
const LOWEST = 0.25; // of the usual height: the least height of a digit
const IN_LINE = 0.4; // of the lower one's height: neighbours in a line overlap in height by at least this
const REACH = 0.2; // of the usual height: pieces of one digit are no farther apart
const PIECE = 0.6; // of the usual height: a lower piece may be part of a digit
const [CLOSE, CLOSE_PIECE] = [0.05, 0.75]; // the same two limits, for pieces that almost touch
const TALLEST = 1.4; // of the usual height: the greatest height of a digit
const SLIMMEST = 0.55; // the least ratio of width to height of a digit that was joined from pieces above each other
const PAIRS = 250_000; // of edge pixels, at most, that are compared to find the distance of two pieces

/**
 * @param {import("#ink").Ink} ink
 * @returns {Found}
 */
export function findDigits(ink) {
  const { labels, parts } = pieces(ink);
  const smallest = SPECK * strokeWidth(parts);
  const large = parts.filter((part) => longerOf(part) >= smallest);
  if (large.length === 0) return { labels, lines: [], total: 0 };
  const height = usualHeight(large);
  const those = large.filter((part) => longerOf(part) >= TINY * height);
  if (those.length > 5 * MOST) return { labels, lines: [those], total: those.length };
  const digits = joined(those, height).filter((part) => heightOf(part) >= LOWEST * height);
  return { labels, lines: inLines(digits), total: digits.length };
}

/**
 * The usual height of a digit: the median of the parts' heights, weighted by their ink.
 * @param {Part[]} parts
 */
function usualHeight(parts) {
  const order = parts.toSorted((one, other) => heightOf(one) - heightOf(other));
  let left = order.reduce((sum, { ink }) => sum + ink, 0) / 2;
  const usual = order.find(({ ink }) => {
    left -= ink;
    return left <= 0;
  });
  return heightOf(usual ?? order[0]);
}

/**
 * The parts, with the pieces of one digit joined. The smallest parts look for a partner first.
 * @param {Part[]} parts
 * @param {number} height
 */
function joined(parts, height) {
  const left = parts.toSorted((one, other) => one.ink - other.ink);
  return left.filter((part, i) => {
    const near = left
      .slice(i + 1)
      .map((other) => ({ other, distance: gap(part, other, REACH * height) }))
      .filter(({ distance }) => distance <= REACH * height)
      .sort((one, other) => one.distance - other.distance);
    const whole = near.find(({ other, distance }) =>
      isOneDigit(part, other, height, distance <= CLOSE * height ? CLOSE_PIECE : PIECE),
    );
    if (whole) absorb(whole.other, part);
    return !whole;
  });
}

/**
 * @param {Part} whole
 * @param {Part} part
 */
function absorb(whole, part) {
  extend(whole, part);
  whole.ink += part.ink;
  whole.edge = whole.edge.concat(part.edge);
  for (const label of part.labels) whole.labels.add(label);
}

/**
 * The distance of two parts; if one is above the other, or they are far apart, the distance of their boxes.
 * @param {Part} one
 * @param {Part} other
 * @param {number} far
 */
function gap(one, other, far) {
  const across = Math.max(one.left, other.left) - Math.min(one.right, other.right);
  const down = Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom);
  const boxes = Math.max(across, down, 0);
  if (-across >= Math.min(widthOf(one), widthOf(other)) / 2 || boxes > far) return boxes;
  const step = 2 * Math.ceil(Math.sqrt((one.edge.length * other.edge.length) / 4 / PAIRS));
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < one.edge.length; i += step) {
    for (let k = 0; k < other.edge.length; k += step) {
      const [dx, dy] = [one.edge[i] - other.edge[k], one.edge[i + 1] - other.edge[k + 1]];
      least = Math.min(least, dx * dx + dy * dy);
    }
  }
  return Math.sqrt(least);
}

/**
 * Whether two near parts are one digit: one is low enough for a piece, and together they have a digit's size.
 * @param {Part} one
 * @param {Part} other
 * @param {number} height
 * @param {number} piece
 */
function isOneDigit(one, other, height, piece) {
  const [tall, wide] = [
    Math.max(one.bottom, other.bottom) - Math.min(one.top, other.top),
    Math.max(one.right, other.right) - Math.min(one.left, other.left),
  ];
  if (Math.min(heightOf(one), heightOf(other)) > piece * height || wide > TALLEST * height) return false;
  return tall <= Math.max(TALLEST * height, wide / SLIMMEST);
}

/**
 * The digits in lines, in reading order. A line may rise or fall: only neighbours have to overlap in height.
 * @param {Part[]} digits
 */
function inLines(digits) {
  /** @type {Part[][]} */
  const lines = [];
  for (const digit of digits.toSorted((one, other) => one.left - other.left)) {
    const beside = lines.filter((line) => overlap(line[line.length - 1], digit) >= IN_LINE);
    beside.sort((one, other) => other[other.length - 1].right - one[one.length - 1].right);
    if (beside.length) beside[0].push(digit);
    else lines.push([digit]);
  }
  const middle = (/** @type {Part[]} */ line) =>
    line.reduce((sum, { top, bottom }) => sum + top + bottom, 0) / line.length;
  return lines.sort((one, other) => middle(one) - middle(other));
}

/**
 * By how much two parts overlap in height, as a share of the lower one's height.
 * @param {Box} one
 * @param {Box} other
 */
function overlap(one, other) {
  const common = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return common / Math.min(heightOf(one), heightOf(other));
}
