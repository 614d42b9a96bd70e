/** The models' answer to the drawing, and why: the answer, the bars, each pixel's or stroke's share of one score. */

import { CLASSES, PIXELS, SIDE, THING } from "#constants";
import { classify, isNone, shares, sigmoid } from "#exact";
import { formOf } from "#form";
import { percentages, signed } from "#numbers";
import { element, elements } from "#page";
import { context, largestOf, onColours, paintInk, paintSigned } from "#paint";

/** @typedef {import("#exact").Answer} Answer */
/** @typedef {import("#exact").Model} Model */
/** @typedef {import("#features").Feature} Feature */
/** @typedef {{ pixels: Uint8Array, seen: Uint8Array, answer: Answer }} Read a drawing, its features and its answer */
/** @typedef {{ read: Read | null, chosen: number | null }} Shown */

const FINE = 16; // canvas pixels on the side of an image's pixel: the outline is drawn between these
const INK = 128; // the outline counts this brightness and above as drawn

const section = element("#draw", HTMLElement);
const bars = elements(".bar", HTMLLabelElement);

/**
 * @param {Model} model
 * @param {Feature} feature
 * @param {import("#drawing").History} history
 */
export function startAnswer(model, feature, history) {
  /** @type {Shown} */
  const shown = { read: null, chosen: null };
  const explain = (/** @type {number | null} */ pointed = null) => {
    const digit = pointed ?? shown.chosen ?? shown.read?.answer.digit ?? 0;
    if (shown.read) showWhy(model, feature, shown.read, digit);
    else showNoWhy();
  };
  const show = () => {
    showAnswer(shown.read, feature);
    explain();
  };
  history.listen((drawing) => {
    shown.read = readingOf(formOf(drawing), model, feature);
    if (!shown.read) shown.chosen = null;
    show();
  });
  listenToBars(shown, explain);
  onColours(show);
}

/**
 * @param {Uint8Array | null} pixels
 * @param {Model} model
 * @param {Feature} feature
 * @returns {Read | null}
 */
function readingOf(pixels, model, feature) {
  if (!pixels) return null;
  const seen = feature.see(pixels);
  return { pixels, seen, answer: classify(model, seen) };
}

/**
 * Explain the digit that is pointed at, or else the one that was chosen by a click.
 * @param {Shown} shown
 * @param {(pointed?: number) => void} explain
 */
function listenToBars(shown, explain) {
  bars.forEach((bar, digit) => {
    bar.addEventListener("pointerenter", () => explain(digit));
    bar.addEventListener("pointerleave", () => explain());
    element("input", HTMLInputElement, bar).addEventListener("change", () => {
      shown.chosen = digit;
      explain();
    });
  });
}

/**
 * @param {Read | null} read
 * @param {Feature} feature
 */
function showAnswer(read, feature) {
  const answer = read?.answer;
  const none = answer && isNone(answer);
  section.classList.toggle("empty", !answer);
  section.classList.toggle("none", none);
  paintInk(element("#seen", HTMLCanvasElement), read?.seen, feature.paint);
  for (const canvas of elements("#upright", HTMLCanvasElement)) paintInk(canvas, read && feature.place(read.pixels));
  element("#answer", HTMLElement).textContent = answer ? CLASSES[answer.digit] : "";
  const percents = answer && percentages(answer.probabilities);
  bars.forEach((bar, digit) => {
    const percent = percents ? percents[digit] : 0;
    bar.style.setProperty("--percent", `${percent}%`);
    bar.classList.toggle("answer", answer?.digit === digit);
    element("output", HTMLOutputElement, bar).value = answer ? percent.toFixed(1) : "";
    element("input", HTMLInputElement, bar).disabled = !answer;
  });
  const sure = answer && percents ? `${percents[answer.digit].toFixed(1)} % sure` : "Nothing is drawn yet.";
  element("#sure", HTMLElement).textContent = none ? `Not a ${THING}? Every model says no.` : sure;
}

/**
 * @param {Model} model
 * @param {Feature} feature
 * @param {Read} read
 * @param {number} digit
 */
function showWhy(model, feature, { pixels, seen, answer }, digit) {
  const parts = shares(model.weights[digit], seen);
  const canvas = element("#why", HTMLCanvasElement);
  const picture = document.createElement("canvas");
  paintSigned(picture, parts, largestOf(parts), feature.paint);
  canvas.width = SIDE * FINE;
  canvas.height = SIDE * FINE;
  const why = context(canvas);
  why.imageSmoothingEnabled = false;
  why.drawImage(picture, 0, 0, canvas.width, canvas.height);
  outline(why, feature.place(pixels));
  element(`.bar:nth-of-type(${digit + 1}) input`, HTMLInputElement).checked = true;
  showSum(parts, model.bias[digit], answer.scores[digit], digit);
}

function showNoWhy() {
  const canvas = element("#why", HTMLCanvasElement);
  context(canvas).clearRect(0, 0, canvas.width, canvas.height);
  for (const input of elements(".bar input", HTMLInputElement)) input.checked = false;
}

/**
 * Draw the outline of the ink.
 * @param {CanvasRenderingContext2D} canvas
 * @param {Uint8Array} pixels
 */
function outline(canvas, pixels) {
  const drawn = (/** @type {number} */ j) => j < PIXELS && pixels[j] >= INK;
  canvas.strokeStyle = getComputedStyle(canvas.canvas).color;
  canvas.lineWidth = 2;
  canvas.beginPath();
  for (let j = 0; j < PIXELS; j++) {
    const [x, y] = [((j % SIDE) + 1) * FINE, (Math.floor(j / SIDE) + 1) * FINE];
    if (drawn(j) !== drawn(j + 1)) line(canvas, x, y - FINE, x, y);
    if (drawn(j) !== drawn(j + SIDE)) line(canvas, x - FINE, y, x, y);
  }
  canvas.stroke();
}

/**
 * @param {CanvasRenderingContext2D} canvas
 * @param {number} fromX
 * @param {number} fromY
 * @param {number} toX
 * @param {number} toY
 */
function line(canvas, fromX, fromY, toX, toY) {
  canvas.moveTo(fromX, fromY);
  canvas.lineTo(toX, toY);
}

/**
 * Print the parts of the score, rounded so that the printed parts add up to the printed score.
 * @param {Float64Array} parts
 * @param {number} bias
 * @param {number} score
 * @param {number} digit
 */
function showSum(parts, bias, score, digit) {
  const hundredths = (/** @type {number} */ number) => Math.round(100 * number);
  const yes = hundredths(parts.reduce((sum, share) => sum + Math.max(share, 0), 0));
  const no = hundredths(score) - yes - hundredths(bias);
  const printed = { yes: signed(yes / 100), no: signed(no / 100), bias: signed(bias), score: signed(score) };
  for (const [name, text] of Object.entries(printed)) element(`#why-${name}`, HTMLElement).textContent = text;
  for (const place of elements(".why-digit", HTMLElement)) place.textContent = CLASSES[digit];
  element("#why-alone", HTMLElement).textContent = `${(100 * sigmoid(score)).toFixed(1)} %`;
}
