/** Shows how the models learn: a slider goes through the iterations and shows weights, costs and accuracy at each. */

import { CLASSES, THING } from "#constants";
import { classify } from "#exact";
import { formOf } from "#form";
import { percentages } from "#numbers";
import { element, elements, row } from "#page";
import { largestOf, onColours, paintSigned } from "#paint";

/** @typedef {import("#features").Feature} Feature */
/** @typedef {import("#page").Learning} Learning */

const PACE = 500; // milliseconds per step

const slider = element("#step", HTMLInputElement);
const play = element("#play", HTMLButtonElement);
const tiles = elements(".tile", HTMLElement);

/**
 * @param {Learning} learning
 * @param {Feature} feature
 * @param {import("#drawing").History} history
 */
export function startLearning(learning, feature, history) {
  const seen = () => {
    const pixels = formOf(history.now);
    return pixels && feature.see(pixels);
  };
  const show = () => showStep(learning, slider.valueAsNumber, feature, seen());
  slider.addEventListener("input", show);
  startPlaying(learning.steps.length - 1, show);
  onColours(show);
  history.listen(() => showYours(learning, slider.valueAsNumber, seen()));
  show();
}

/**
 * Let the button play and stop. It plays from the slider's place, or from the start if that is the end.
 * @param {number} last
 * @param {() => void} show
 */
function startPlaying(last, show) {
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const move = (/** @type {number} */ step) => {
    slider.value = `${step}`;
    show();
    if (step >= last) stop();
  };
  play.addEventListener("click", () => {
    if (timer) {
      stop();
      return;
    }
    play.textContent = "Stop";
    timer = setInterval(() => move(slider.valueAsNumber + 1), PACE);
    move(slider.valueAsNumber >= last ? 0 : slider.valueAsNumber);
  });
  slider.addEventListener("pointerdown", stop);
  slider.addEventListener("keydown", stop);
}

/**
 * The model after a step. Its weights are float32, so it is less exact than the final model.
 * @param {Learning} learning
 * @param {number} step
 */
function modelAfter(learning, step) {
  const P = learning.weights.length / (learning.steps.length * CLASSES.length);
  const weights = tiles.map((_, digit) => Float64Array.from(row(learning.weights, step * CLASSES.length + digit, P)));
  return { weights, bias: learning.bias[step] };
}

/**
 * @param {Learning} learning
 * @param {number} step
 * @param {Feature} feature
 * @param {Uint8Array | null} seen
 */
function showStep(learning, step, feature, seen) {
  const iterations = `iteration ${learning.steps[step].toLocaleString("en")}`;
  const { weights } = modelAfter(learning, step);
  const largest = Math.max(...weights.map(largestOf));
  tiles.forEach((tile, digit) => {
    paintSigned(element("canvas", HTMLCanvasElement, tile), weights[digit], largest, feature.paint);
    element("output", HTMLOutputElement, tile).value = learning.cost[step][digit].toFixed(3);
  });
  document.documentElement.style.setProperty("--at", `${learning.at[step]}%`);
  slider.setAttribute("aria-valuetext", iterations);
  element("#iteration", HTMLElement).textContent = iterations;
  element("#accuracy", HTMLElement).textContent = percent(learning.test[step]);
  element("#training", HTMLElement).textContent = percent(learning.training[step]);
  element("#largest", HTMLElement).textContent = largest.toPrecision(2);
  showYours(learning, step, seen);
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(2)} %`;
}

/**
 * Show the model's answer to the drawing after a step.
 * @param {Learning} learning
 * @param {number} step
 * @param {Uint8Array | null} seen
 */
function showYours(learning, step, seen) {
  const place = element("#yours", HTMLElement);
  if (!seen) {
    place.textContent = `Draw a ${THING} above to see the models' answer at each step.`;
    return;
  }
  const { digit, probabilities } = classify(modelAfter(learning, step), seen);
  place.textContent = `Your drawing is taken for ${CLASSES[digit]}, ${percentages(probabilities)[digit].toFixed(1)} % sure.`;
}
