/**
 * The classifier, bit for bit as the pipeline computes it.
 *
 * In float64, + - * / and the square root give the same bits in every browser, and so does any fixed sequence of them.
 * Math.exp and its like do not. The weights are rounded to a grid on which sums are exact.
 */

import { EXP_SERIES, LN2_HIGH, LN2_LOW, LOG2_E, UNDERFLOW } from "#constants";

/** @typedef {{ weights: Float64Array[], bias: number[] }} Model a row of weights and a bias for each digit */
/** @typedef {ArrayLike<number>} Row an image's features as bytes, one for each weight */
/** @typedef {{ scores: number[], probabilities: number[], digit: number }} Answer */

/**
 * exp(-a) for a >= 0.
 * @param {number} a
 */
function expOfMinus(a) {
  const least = Math.min(a, UNDERFLOW);
  const k = Math.floor(least * LOG2_E + 0.5);
  const r = k * LN2_HIGH - least + k * LN2_LOW;
  const series = EXP_SERIES.reduce((sum, coefficient) => sum * r + coefficient, 0);
  return series * powerOfHalf(k);
}

/**
 * 2^-k, by halving: exact, until float64 underflows to 0.
 * @param {number} k
 */
function powerOfHalf(k) {
  let power = 1;
  for (let i = 0; i < k; i++) power /= 2;
  return power;
}

/**
 * p = 1 / (1 + exp(-z)).
 * @param {number} z
 */
export function sigmoid(z) {
  const e = expOfMinus(Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/**
 * The mean and the standard deviation of a row of bytes. The sums are whole numbers, so they are exact.
 * @param {Row} seen
 */
export function moments(seen) {
  const P = seen.length;
  let total = 0;
  let squares = 0;
  for (let j = 0; j < P; j++) {
    total += seen[j];
    squares += seen[j] * seen[j];
  }
  return { mean: total / P, std: Math.sqrt(P * squares - total * total) / P };
}

/**
 * Each model's probability divided by the sum of all, added in order; equal shares if all are 0.
 * @param {number[]} scores
 */
function probabilities(scores) {
  const p = scores.map(sigmoid);
  const total = p.reduce((sum, each) => sum + each, 0);
  return p.map((each) => (total > 0 ? each / total : 1 / p.length));
}

/**
 * The model's answer to an image's features.
 * @param {Model} model
 * @param {Row} seen
 * @returns {Answer}
 */
export function classify({ weights, bias }, seen) {
  const { mean, std } = moments(seen);
  const scores = weights.map((w, digit) => {
    let weighted = 0;
    let sumOfWeights = 0;
    for (let j = 0; j < w.length; j++) {
      weighted += seen[j] * w[j];
      sumOfWeights += w[j];
    }
    return std > 0 ? (weighted - mean * sumOfWeights) / std + bias[digit] : bias[digit];
  });
  return { scores, probabilities: probabilities(scores), digit: scores.indexOf(Math.max(...scores)) };
}

/**
 * Whether every model says no: perhaps the image shows none of the classes.
 * @param {Answer} answer
 */
export const isNone = ({ scores }) => scores.every((z) => z < 0);

/**
 * Each feature's share of one digit's score: weight times normalised byte. The shares and the bias add up to the score.
 * @param {Float64Array} weights
 * @param {Row} seen
 */
export function shares(weights, seen) {
  const { mean, std } = moments(seen);
  return weights.map((w, j) => (std > 0 ? (w * (seen[j] - mean)) / std : 0));
}
