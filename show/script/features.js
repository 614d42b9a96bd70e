/** The kinds of features, by the names of params.yaml: what a model sees of an image, and how that is painted. */

import { paintPixels, paintStrokes } from "#paint";
import { strokes, upright } from "#strokes";

/**
 * @typedef {object} Feature
 * @property {(pixels: Uint8Array) => Uint8Array} see what the model sees of an image's 784 bytes
 * @property {(pixels: Uint8Array) => Uint8Array} lay the image, as it lies under what the model sees
 * @property {import("#paint").Paint} paint a picture of numbers, one for each that the model sees
 */

const asItIs = (/** @type {Uint8Array} */ pixels) => pixels;

/** @type {Record<string, Feature>} */
export const FEATURES = {
  pixels: { see: asItIs, lay: asItIs, paint: paintPixels },
  strokes: { see: strokes, lay: upright, paint: paintStrokes },
};
