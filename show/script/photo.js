/** Reads a photograph that is chosen, dropped or pasted: boxes around its digits, and below it each digit's answer. */

import { CLASSES, THING } from "#constants";
import { classify, isNone } from "#exact";
import { percentages } from "#numbers";
import { element } from "#page";
import { colour, context, onColours } from "#paint";
import { painted, readPicture } from "#picture";
import { digitsIn } from "#reading";
import { tileOf } from "#tile";

/** @typedef {import("#drawing").History} History */
/** @typedef {import("#picture").Picture} Picture */
/** @typedef {import("#reading").Digit & import("#exact").Answer} Answered */

const TALLEST = 640; // pixels: the greatest height at which the picture is shown
const LARGEST = 6; // times: the greatest enlargement of the picture
const TAG = 14; // pixels: the least height of an answer at its box

const said = element("#photo-said", HTMLElement);
const found = element("#photo-found", HTMLElement);

/**
 * @param {import("#exact").Model} model
 * @param {import("#features").Feature} feature
 * @param {History} history
 */
export function startPhoto(model, feature, history) {
  let [turn, repaint] = [0, () => {}];
  const read = async (/** @type {File | null | undefined} */ file) => {
    if (!file) return;
    const mine = ++turn; // so that a photograph that is chosen later wins
    found.hidden = true;
    said.textContent = `Reading ${file.name} …`;
    element("#photo", HTMLElement).scrollIntoView();
    const shown = await answered(file, model, feature).catch((/** @type {Error} */ error) => error);
    if (mine !== turn) return;
    said.textContent = shown instanceof Error ? shown.message : summaryOf(shown.lines, file.name);
    if (shown instanceof Error || shown.lines.length === 0) return;
    found.hidden = false;
    repaint = () => {
      paintFound(shown.picture, shown.lines.flat());
      element("#photo-lines", HTMLElement).replaceChildren(...shown.lines.map((line) => listOf(line, history)));
    };
    repaint();
  };
  onColours(() => repaint());
  const input = element("#photo-file", HTMLInputElement);
  input.addEventListener("change", () => {
    read(input.files?.[0]);
    input.value = ""; // so that the same file can be chosen again
  });
  addEventListener("paste", (event) => read(event.clipboardData?.files[0]));
  listenToDrop(read);
}

/** @param {(file: File | undefined) => void} read */
function listenToDrop(read) {
  const drop = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // otherwise the browser opens the file
    if (event.type === "drop") read(event.dataTransfer.files[0]);
  };
  addEventListener("dragover", drop);
  addEventListener("drop", drop);
}

/**
 * @param {File} file
 * @param {import("#exact").Model} model
 * @param {import("#features").Feature} feature
 */
async function answered(file, model, feature) {
  const picture = await readPicture(file);
  await new Promise((resolve) => setTimeout(resolve)); // lets the page show that it is reading
  const lines = digitsIn(picture).map((line) =>
    line.map((digit) => ({ ...digit, ...classify(model, feature.see(digit.pixels)) })),
  );
  return { picture, lines };
}

/**
 * @param {Answered[][]} lines
 * @param {string} name
 */
function summaryOf(lines, name) {
  if (lines.length === 0) return `Found no ink in ${name}. Expected dark ink on light paper, or light ink on dark.`;
  const apart = CLASSES.some(({ length }) => length > 1) ? " " : "";
  const read = lines.map((line) => line.map((answer) => (isNone(answer) ? "?" : CLASSES[answer.digit])).join(apart));
  return `${name}: ${read.join(" / ")}`;
}

/**
 * Paint a picture with a box around each digit and its answer above the box.
 * @param {Picture} picture
 * @param {Answered[]} digits
 */
function paintFound({ canvas, width, height }, digits) {
  const shown = element("#photo-picture", HTMLCanvasElement);
  const across = found.clientWidth;
  const factor = Math.min(across / width, TALLEST / height, LARGEST);
  const [right, down] = [width, height].map((side) => Math.max(1, Math.round(side * factor * devicePixelRatio)));
  [shown.width, shown.height] = [right, down];
  shown.style.width = `${right / devicePixelRatio}px`;
  const pen = context(shown);
  pen.drawImage(painted(canvas, right, down), 0, 0);
  pen.scale(devicePixelRatio, devicePixelRatio);
  for (const answer of digits) paintBox(pen, answer, factor);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Answered} answer
 * @param {number} factor canvas pixels for each of the file's
 */
function paintBox(pen, answer, factor) {
  const { left, top, right, bottom } = answer.box;
  const [x, y] = [left * factor - 3, top * factor - 3];
  const size = Math.max(TAG, Math.min(((bottom - top) * factor) / 4, 2 * TAG));
  const [text, low] = [isNone(answer) ? "?" : CLASSES[answer.digit], Math.max(y, size + 4)];
  pen.strokeStyle = pen.fillStyle = `rgb(${colour(isNone(answer) ? "--mark-no" : "--mark")})`;
  pen.lineWidth = 2;
  pen.strokeRect(x, y, (right - left) * factor + 6, (bottom - top) * factor + 6);
  pen.font = `600 ${size}px system-ui, sans-serif`;
  pen.textBaseline = "bottom";
  pen.fillRect(x - 1, low - size - 2, pen.measureText(text).width + 8, size + 3);
  pen.fillStyle = "white";
  pen.fillText(text, x + 3, low + 1);
}

/**
 * A line of digits, each with its answer.
 * @param {Answered[]} line
 * @param {History} history
 */
function listOf(line, history) {
  const list = document.createElement("ol");
  const items = line.map((answer) => {
    const sure = `${percentages(answer.probabilities)[answer.digit].toFixed(1)} %`;
    const words = [CLASSES[answer.digit], isNone(answer) ? `not a ${THING}?` : sure];
    const { item, button } = tileOf(answer.pixels, words, history);
    const { left, top, right, bottom } = answer.box;
    button.dataset.box = `${[left, top, right - left, bottom - top]}`;
    return item;
  });
  list.append(...items);
  return list;
}
