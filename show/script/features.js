/** The kinds of features, by their names in params.yaml: how to compute them from an image, and how to paint them. */

import { paintPixels, paintStrokes } from "#paint";
import { strokes, upright } from "#strokes";

/**
 * @typedef {object} Feature
 * @property {(pixels: Uint8Array) => Uint8Array} see the features of an image's 784 bytes
 * @property {(pixels: Uint8Array) => Uint8Array} place the image, placed as the features see it
 * @property {import("#paint").Paint} paint paints one number for each feature
 */

const asItIs = (/** @type {Uint8Array} */ pixels) => pixels;

/** @type {Record<string, Feature>} */
export const FEATURES = {
  pixels: { see: asItIs, place: asItIs, paint: paintPixels },
  strokes: { see: strokes, place: upright, paint: paintStrokes },
};
