/** What the page holds: its elements, and the numbers that `make show` packed into it. */

import { PIXELS } from "#constants";

/** @typedef {{ pixels: Uint8Array, label: number }} Example a test image and the number of its class */
/**
 * @typedef {object} Learning the model after some of its steps: per step a row of weights, a bias and a cost for each class
 * @property {number[]} steps
 * @property {number[]} at where each step is on the charts' width, in percent
 * @property {Float32Array} weights
 * @property {number[][]} bias
 * @property {number[][]} cost
 * @property {number[]} training the share of images that are recognised
 * @property {number[]} test likewise
 */

/**
 * The element that a selector finds, of the class it must have.
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
 * All the elements that a selector finds, of the class they must have.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T[]}
 */
export function elements(selector, kind) {
  return /** @type {T[]} */ ([...document.querySelectorAll(selector)].filter((found) => found instanceof kind));
}

/**
 * What a script element holds as JSON.
 * @param {string} id
 */
function packed(id) {
  return JSON.parse(element(`#${id}`, HTMLScriptElement).text);
}

/**
 * The bytes that base64 stands for.
 * @param {string} base64
 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * The bytes that gzip made smaller.
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
 * A row of many.
 * @template {Uint8Array | Float32Array | Float64Array} T
 * @param {T} all
 * @param {number} i
 * @param {number} length
 * @returns {T}
 */
export function row(all, i, length) {
  return /** @type {T} */ (all.subarray(i * length, (i + 1) * length));
}
