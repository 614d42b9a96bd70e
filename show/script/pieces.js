/** Finds the connected pieces of a picture's ink: their boxes, their numbers of ink pixels, and their edges. */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box right and bottom are exclusive */
/** @typedef {Box & { labels: Set<number>, ink: number, edge: number[] }} Part its pieces, ink pixels, and edge pixels' x, y */

export const widthOf = (/** @type {Box} */ { left, right }) => right - left;
export const heightOf = (/** @type {Box} */ { top, bottom }) => bottom - top;
export const longerOf = (/** @type {Box} */ box) => Math.max(widthOf(box), heightOf(box));

/**
 * The pieces, and a label for each pixel: the number of its piece, from 1, or 0 if it has no ink.
 * @param {import("#ink").Ink} ink
 */
export function pieces({ mask, width, height }) {
  const labels = new Int32Array(mask.length);
  const stack = new Int32Array(mask.length);
  /** @type {Part[]} */
  const parts = [];
  mask.forEach((inked, j) => {
    if (inked && !labels[j]) parts.push(flooded(labels, stack, { mask, width, height }, j, parts.length + 1));
  });
  return { labels, parts };
}

/**
 * Find the piece that a pixel belongs to, and label all its pixels.
 * @param {Int32Array} labels
 * @param {Int32Array} stack
 * @param {{ mask: Uint8Array, width: number, height: number }} ink
 * @param {number} start
 * @param {number} label
 * @returns {Part}
 */
function flooded(labels, stack, { mask, width, height }, start, label) {
  const part = { left: width, top: height, right: 0, bottom: 0, labels: new Set([label]), ink: 0, edge: [0].slice(1) };
  let waiting = 0;
  const visit = (/** @type {number} */ j) => {
    labels[j] = label;
    stack[waiting++] = j;
  };
  visit(start);
  while (waiting) {
    const j = stack[--waiting];
    const [x, y] = [j % width, Math.floor(j / width)];
    extend(part, { left: x, top: y, right: x + 1, bottom: y + 1 });
    part.ink += 1;
    let beside = 0; // of the four neighbours, those with ink
    for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v++) {
      for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, width - 1); u++) {
        const k = v * width + u;
        if (!mask[k]) continue;
        if ((u === x) !== (v === y)) beside += 1;
        if (!labels[k]) visit(k);
      }
    }
    if (beside < 4) part.edge.push(j);
  }
  part.edge = part.edge.flatMap((j) => [j % width, Math.floor(j / width)]);
  return part;
}

/**
 * Extend a box so that it holds another.
 * @param {Box} box
 * @param {Box} other
 */
export function extend(box, { left, top, right, bottom }) {
  box.left = Math.min(box.left, left);
  box.top = Math.min(box.top, top);
  box.right = Math.max(box.right, right);
  box.bottom = Math.max(box.bottom, bottom);
}

/**
 * The strokes' width in pixels: twice the ink divided by the edge, which runs along both sides.
 * @param {Part[]} parts
 */
export function strokeWidth(parts) {
  const sum = (/** @type {(part: Part) => number} */ of) => parts.reduce((total, part) => total + of(part), 0);
  return Math.max(
    1,
    (2 * sum(({ ink }) => ink)) /
      Math.max(
        1,
        sum(({ edge }) => edge.length / 2),
      ),
  );
}
