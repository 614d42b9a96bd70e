/** The constants that the script shares with Python, which packs them into the page. */

const packed = /** @type {HTMLScriptElement} */ (document.querySelector("#constants")).text;

/**
 * @typedef {object} Constants explained in stages/core/logistic.py, stages/features and stages/drawing/strokes.py
 * @property {number} SIDE of an image, in pixels
 * @property {string[]} CLASSES the names of the classes, one for each model
 * @property {string} THING what the page calls a class: "digit" or "class"
 * @property {number} LOG2_E
 * @property {number} LN2_HIGH its last bits are zeros, so that k * LN2_HIGH is exact
 * @property {number} LN2_LOW
 * @property {number} UNDERFLOW exp of minus this is 0 in float64
 * @property {number[]} EXP_SERIES
 * @property {number} MIDDLE
 * @property {number} SIZE
 * @property {number} SMALLEST
 * @property {number} LARGEST
 * @property {number} MOST_SHEAR
 * @property {number} PIXEL
 * @property {number} PLACES
 * @property {number} APART
 * @property {number} DIRECTIONS
 * @property {number[]} WINDOW
 * @property {number} BORDER
 * @property {number} SCALE
 * @property {[number, number][]} GROWS
 * @property {number} AWAY
 * @property {number} LONG
 * @property {number} THICK
 */

/** @type {Constants} */
const constants = JSON.parse(packed);

export const { SIDE, CLASSES, THING, LOG2_E, LN2_HIGH, LN2_LOW, UNDERFLOW, EXP_SERIES } = constants;
export const { MIDDLE, SIZE, SMALLEST, LARGEST, MOST_SHEAR, PIXEL } = constants;
export const { PLACES, APART, DIRECTIONS, WINDOW, BORDER, SCALE, GROWS, AWAY, LONG, THICK } = constants;
export const PIXELS = SIDE * SIDE;
