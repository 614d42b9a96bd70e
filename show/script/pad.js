/** The pad, to draw on with a mouse, a finger, a pen or the arrow keys. */

import { SIDE } from "#constants";
import { PEN } from "#form";
import { element } from "#page";
import { context, onColours, paintInk } from "#paint";

/** @typedef {import("#drawing").Drawing} Drawing */
/** @typedef {import("#drawing").History} History */
/** @typedef {import("#drawing").Point} Point */

const FINE = 640; // pixels on a side of the pad's canvas: enough to look sharp on any screen
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HIDDEN = { x: -1, y: -1 };

const pad = element("#pad", HTMLCanvasElement);
const image = document.createElement("canvas");
let cursor = HIDDEN; // of the arrow keys
let penIsDown = false; // by the space bar

/** @param {History} history */
export function startPad(history) {
  pad.width = FINE;
  pad.height = FINE;
  listenToPointer(history);
  listenToKeys(history);
  const repaint = () => paintPad(history.now);
  for (const event of ["focus", "blur"]) pad.addEventListener(event, repaint);
  onColours(repaint);
  history.listen(repaint);
  startButton("#undo", () => history.undo());
  startButton("#clear", () => history.clear());
}

/**
 * @param {string} selector
 * @param {() => void} act
 */
function startButton(selector, act) {
  element(selector, HTMLButtonElement).addEventListener("click", () => {
    penIsDown = false;
    act();
  });
}

/** @param {History} history */
function listenToPointer(history) {
  /** @type {number | null} */
  let drawing = null;
  pad.addEventListener("pointerdown", (event) => {
    if (drawing !== null || event.button !== 0) return; // ignore a second touch, as of a palm, and other buttons
    drawing = event.pointerId;
    pad.setPointerCapture(drawing);
    cursor = HIDDEN;
    penIsDown = false;
    history.penDown(placeOf(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) return;
    const all = event.getCoalescedEvents();
    history.penMoves((all.length ? all : [event]).map(placeOf));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    pad.addEventListener(end, (event) => {
      if (event instanceof PointerEvent && event.pointerId === drawing) drawing = null;
    });
  }
}

/**
 * The place of a pointer on the pad.
 * @param {PointerEvent} event
 * @returns {Point}
 */
function placeOf({ clientX, clientY }) {
  const { left, top, width, height } = pad.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}

/** @param {History} history */
function listenToKeys(history) {
  pad.addEventListener("keydown", (event) => {
    if (event.key in WAYS) {
      moveCursor(history, WAYS[/** @type {keyof typeof WAYS} */ (event.key)]);
    } else if (event.key === " ") {
      penIsDown = !penIsDown;
      if (penIsDown) history.penDown(shown(cursor));
    } else if (event.key === "Backspace") {
      history.undo();
      penIsDown = false;
    } else if (event.key === "Delete" || event.key === "Escape") {
      history.clear();
      penIsDown = false;
    } else return;
    event.preventDefault();
  });
  pad.addEventListener("blur", () => {
    penIsDown = false;
  });
}

/**
 * Move the keyboard's cursor by one pixel of the model, and draw if the pen is down.
 * @param {History} history
 * @param {number[]} way
 */
function moveCursor(history, [right, down]) {
  const { x, y } = shown(cursor);
  const within = (/** @type {number} */ place) => Math.min(Math.max(place, 0), 1);
  cursor = { x: within(x + right / SIDE), y: within(y + down / SIDE) };
  if (penIsDown) history.penMoves([cursor]);
  else paintPad(history.now);
}

/**
 * The place of the keyboard's cursor; it starts in the middle.
 * @param {Point} point
 */
function shown(point) {
  cursor = point === HIDDEN ? { x: 0.5, y: 0.5 } : point;
  return cursor;
}

/** @param {Drawing} drawing */
function paintPad(drawing) {
  const canvas = context(pad);
  canvas.clearRect(0, 0, FINE, FINE);
  if (drawing.image) {
    paintInk(image, drawing.image);
    canvas.drawImage(image, 0, 0, FINE, FINE);
  }
  canvas.strokeStyle = getComputedStyle(pad).color;
  canvas.lineWidth = (PEN / SIDE) * FINE;
  canvas.lineCap = "round";
  canvas.lineJoin = "round";
  for (const stroke of drawing.strokes) strokeLine(canvas, stroke);
  if (document.activeElement === pad && cursor !== HIDDEN) paintCursor(canvas);
}

/**
 * @param {CanvasRenderingContext2D} canvas
 * @param {Point[]} points
 */
function strokeLine(canvas, points) {
  canvas.beginPath();
  for (const { x, y } of [points[0], ...points]) canvas.lineTo(x * FINE, y * FINE);
  canvas.stroke();
}

/** @param {CanvasRenderingContext2D} canvas */
function paintCursor(canvas) {
  const [x, y, reach] = [cursor.x * FINE, cursor.y * FINE, FINE / SIDE];
  canvas.lineWidth = 4;
  canvas.strokeStyle = getComputedStyle(pad).getPropertyValue(penIsDown ? "--red" : "--blue");
  canvas.beginPath();
  canvas.arc(x, y, reach, 0, 2 * Math.PI);
  canvas.stroke();
}
