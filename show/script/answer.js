/** What the ten models say of the drawing, and why: the answer, the ten bars, each pixel's share in one score. */

import { classify, PIXELS, SIDE, shares, sigmoid } from "#exact";
import { formOf } from "#form";
import { percentages, signed } from "#numbers";
import { element, elements } from "#page";
import { context, largestOf, onColours, paintInk, paintSigned } from "#paint";

/** @typedef {import("#exact").Answer} Answer */
/** @typedef {import("#exact").Model} Model */
/** @typedef {{ pixels: Uint8Array | null, answer: Answer | null, chosen: number | null }} Shown */

const FINE = 16; // pixels on the side of a square, where the outline is drawn between squares
const INK = 128; // what counts as drawn, for the outline

const section = element("#draw", HTMLElement);
const bars = elements(".bar", HTMLLabelElement);

/**
 * @param {Model} model
 * @param {import("#drawing").History} history
 */
export function startAnswer(model, history) {
  /** @type {Shown} */
  const shown = { pixels: null, answer: null, chosen: null };
  const show = () => {
    showAnswer(shown);
    explain(model, shown);
  };
  history.listen((drawing) => {
    shown.pixels = formOf(drawing);
    shown.answer = shown.pixels && classify(model, shown.pixels);
    if (!shown.answer) shown.chosen = null;
    show();
  });
  listenToBars(model, shown);
  onColours(show);
}

/**
 * Explain the digit that is pointed at, and go on explaining one that is chosen.
 * @param {Model} model
 * @param {Shown} shown
 */
function listenToBars(model, shown) {
  bars.forEach((bar, digit) => {
    bar.addEventListener("pointerenter", () => explain(model, shown, digit));
    bar.addEventListener("pointerleave", () => explain(model, shown));
    element("input", HTMLInputElement, bar).addEventListener("change", () => {
      shown.chosen = digit;
      explain(model, shown);
    });
  });
}

/**
 * @param {Model} model
 * @param {Shown} shown
 * @param {number | null} pointed
 */
function explain(model, { pixels, answer, chosen }, pointed = null) {
  if (pixels && answer) showWhy(model, pixels, answer, pointed ?? chosen ?? answer.digit);
  else showNoWhy();
}

/** @param {Shown} shown */
function showAnswer({ pixels, answer }) {
  section.classList.toggle("empty", !answer);
  paintInk(element("#seen", HTMLCanvasElement), pixels);
  element("#answer", HTMLElement).textContent = answer ? `${answer.digit}` : "";
  const percents = answer && percentages(answer.probabilities);
  bars.forEach((bar, digit) => {
    const percent = percents ? percents[digit] : 0;
    bar.style.setProperty("--percent", `${percent}%`);
    bar.classList.toggle("answer", answer?.digit === digit);
    element("output", HTMLOutputElement, bar).value = answer ? percent.toFixed(1) : "";
    element("input", HTMLInputElement, bar).disabled = !answer;
  });
  element("#sure", HTMLElement).textContent =
    answer && percents ? `${percents[answer.digit].toFixed(1)} % sure` : "Nothing is drawn yet.";
}

/**
 * @param {Model} model
 * @param {Uint8Array} pixels
 * @param {Answer} answer
 * @param {number} digit
 */
function showWhy(model, pixels, answer, digit) {
  const parts = shares(model.weights[digit], pixels);
  const canvas = element("#why", HTMLCanvasElement);
  const squares = document.createElement("canvas");
  paintSigned(squares, parts, largestOf(parts));
  canvas.width = SIDE * FINE;
  canvas.height = SIDE * FINE;
  const why = context(canvas);
  why.imageSmoothingEnabled = false;
  why.drawImage(squares, 0, 0, canvas.width, canvas.height);
  outline(why, pixels);
  element(`.bar:nth-of-type(${digit + 1}) input`, HTMLInputElement).checked = true;
  showSum(parts, model.bias[digit], answer.scores[digit], digit);
}

function showNoWhy() {
  const canvas = element("#why", HTMLCanvasElement);
  context(canvas).clearRect(0, 0, canvas.width, canvas.height);
  for (const input of elements(".bar input", HTMLInputElement)) input.checked = false;
}

/**
 * Draw a line between the pixels that are drawn and those that are not.
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
 * Print what adds up to the score, in hundredths that do add up.
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
  for (const place of elements(".why-digit", HTMLElement)) place.textContent = `${digit}`;
  element("#why-alone", HTMLElement).textContent = `${(100 * sigmoid(score)).toFixed(1)} %`;
}
