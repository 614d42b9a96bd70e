/** The numbers that the script has from Python, which packs them into the page. */

const packed = /** @type {HTMLScriptElement} */ (document.querySelector("#constants")).text;

/**
 * @typedef {object} Constants
 * @property {number} SIDE of an image, in pixels
 * @property {number} DIGITS how many there are
 * @property {number} LOG2_E
 * @property {number} LN2_HIGH its last bits are zeros, so that k * LN2_HIGH is exact
 * @property {number} LN2_LOW
 * @property {number} UNDERFLOW exp of minus this is 0 in float64
 * @property {number[]} EXP_SERIES
 */

export const { SIDE, DIGITS, LOG2_E, LN2_HIGH, LN2_LOW, UNDERFLOW, EXP_SERIES } = /** @type {Constants} */ (
  JSON.parse(packed)
);
