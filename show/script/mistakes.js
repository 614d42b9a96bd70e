/** The confusion matrix: each cell opens its images. */

import { CLASSES } from "#constants";
import { classify } from "#exact";
import { signed } from "#numbers";
import { element, elements } from "#page";
import { onColours } from "#paint";
import { tileOf } from "#tile";

/** @typedef {import("#page").Example} Example */
/** @typedef {Example & import("#exact").Answer} Answered */

const K = CLASSES.length;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -K, ArrowDown: K };

const cells = elements(".cell", HTMLButtonElement); // row by row: a row for each true class, a column for each answer
const opened = element("#behind", HTMLElement);

/**
 * @param {import("#exact").Model} model
 * @param {import("#features").Feature} feature
 * @param {import("#drawing").History} history
 * @param {Example[]} examples
 */
export function startMistakes(model, feature, history, examples) {
  const answered = examples.map((example) => ({ ...example, ...classify(model, feature.see(example.pixels)) }));
  let repaint = () => {};
  cells.forEach((cell, i) => {
    const [actual, predicted] = [Math.floor(i / K), i % K];
    const behind = answered.filter(({ label, digit }) => label === actual && digit === predicted);
    const show = () => open(actual, predicted, Number(cell.dataset.count), behind, history);
    cell.addEventListener("click", () => {
      for (const each of cells) each.setAttribute("aria-expanded", `${each === cell}`);
      repaint = show;
      show();
    });
  });
  onColours(() => repaint());
  element("#confusion", HTMLTableElement).addEventListener("keydown", move);
}

/**
 * Move from cell to cell by the arrow keys.
 * @param {KeyboardEvent} event
 */
function move(event) {
  const from = cells.indexOf(/** @type {HTMLButtonElement} */ (event.target));
  if (from < 0 || !(event.key in STEPS)) return;
  event.preventDefault();
  const to = from + STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
  const sameRow = Math.floor(to / K) === Math.floor(from / K);
  if (!(to in cells) || (event.key.match(/Left|Right/) && !sameRow)) return;
  cells[from].tabIndex = -1;
  cells[to].tabIndex = 0;
  cells[to].focus();
}

/**
 * @param {number} actual
 * @param {number} predicted
 * @param {number} count
 * @param {Answered[]} behind
 * @param {import("#drawing").History} history
 */
function open(actual, predicted, count, behind, history) {
  const heading = document.createElement("h3");
  const taken = actual === predicted ? "recognised" : `taken for ${CLASSES[predicted]}`;
  heading.textContent = `${count.toLocaleString("en")} ${count === 1 ? "image" : "images"} of ${CLASSES[actual]}, ${taken}`;
  const note = document.createElement("p");
  note.textContent = noteOn(count, behind.length, actual === predicted);
  const list = document.createElement("ul");
  list.replaceChildren(...behind.map((example) => pictureOf(example, history)));
  opened.replaceChildren(heading, note, list);
}

/**
 * @param {number} count
 * @param {number} shown
 * @param {boolean} right
 */
function noteOn(count, shown, right) {
  if (!count) return "There are none.";
  const some = shown < count ? `${shown} of them are shown. ` : "";
  const scores = right ? "Below each image: its score." : "Below each image: the scores of label and answer.";
  return `${some}${scores} Press an image to put it on the pad and see the reasons.`;
}

/**
 * An image with the scores of its label and of its answer.
 * @param {Answered} example
 * @param {import("#drawing").History} history
 */
function pictureOf({ pixels, label, digit, scores }, history) {
  const both = label === digit ? [label] : [label, digit];
  const lines = both.map((each) => `${CLASSES[each]} ${signed(scores[each])}`);
  return tileOf(pixels, lines, history).item;
}
