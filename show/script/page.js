/** Finds the page's elements, and reads the numbers that `make show` packed into it. */

import { PIXELS } from "#constants";

/** @typedef {{ pixels: Uint8Array, label: number }} Example a test image and the index of its class */
/**
 * @typedef {object} Learning the models after some iterations: at each, weights, a bias and a cost for every class
 * @property {number[]} steps the iterations
 * @property {number[]} at each step's place on the charts, in percent of their width
 * @property {Float32Array} weights
 * @property {number[][]} bias
 * @property {number[][]} cost
 * @property {number[]} training the accuracy on the training set
 * @property {number[]} test the accuracy on the test set
 */

/**
 * The first element that a selector finds; an error unless it is of the expected class.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode} [within]
 * @returns {T}
 */
export function element(selector, kind, within = document) {
  const found = within.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} ${selector}`);
}

/**
 * All elements of the expected class that a selector finds.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T[]}
 */
export function elements(selector, kind) {
  return /** @type {T[]} */ ([...document.querySelectorAll(selector)].filter((found) => found instanceof kind));
}

/**
 * The JSON in a script element.
 * @param {string} id
 */
function packed(id) {
  return JSON.parse(element(`#${id}`, HTMLScriptElement).text);
}

/**
 * Decode base64.
 * @param {string} base64
 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * Decode base64 and decompress gzip.
 * @param {string} base64
 */
async function unzipped(base64) {
  const stream = new Blob([bytes(base64)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @returns {import("#exact").Model & { features: string }} */
export function readModel() {
  const { features, weights, bias } = packed("model");
  const all = new Float64Array(bytes(weights).buffer);
  const rows = bias.map((/** @type {number} */ _, /** @type {number} */ d) => row(all, d, all.length / bias.length));
  return { features, weights: rows, bias };
}

/** @returns {Learning} */
export function readLearning() {
  const { weights, ...rest } = packed("learning");
  return { ...rest, weights: new Float32Array(bytes(weights).buffer) };
}

/** @returns {Promise<{ starts: Example[], mistakes: Example[] }>} */
export async function readExamples() {
  const { pixels, labels, starts } = packed("examples");
  const all = await unzipped(pixels);
  const examples = labels.map((/** @type {number} */ label, /** @type {number} */ i) => ({
    pixels: row(all, i, PIXELS),
    label,
  }));
  return { starts: examples.slice(0, starts), mistakes: examples.slice(starts) };
}

/**
 * Row number i of an array of rows.
 * @template {Uint8Array | Float32Array | Float64Array} T
 * @param {T} all
 * @param {number} i
 * @param {number} length
 * @returns {T}
 */
export function row(all, i, length) {
  return /** @type {T} */ (all.subarray(i * length, (i + 1) * length));
}
