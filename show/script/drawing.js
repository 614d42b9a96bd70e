/** A drawing: pen strokes, on a test image or on blank paper. Each change makes a new drawing, so that undo is easy. */

/** @typedef {{ x: number, y: number }} Point on the pad, from 0 to 1 in each direction */
/** @typedef {{ image: Uint8Array | null, strokes: Point[][] }} Drawing */

/** @type {Drawing} */
export const EMPTY = { image: null, strokes: [] };

/**
 * @param {Drawing} drawing
 * @returns {boolean}
 */
export const isEmpty = ({ image, strokes }) => !image && strokes.length === 0;

/** The drawing and all earlier ones. Listeners are told of each change. */
export class History {
  /** @type {Drawing[]} */
  #drawings = [EMPTY];
  /** @type {((drawing: Drawing) => void)[]} */
  #listeners = [];

  get now() {
    return this.#drawings[this.#drawings.length - 1];
  }

  get canUndo() {
    return this.#drawings.length > 1;
  }

  /** @param {(drawing: Drawing) => void} listener */
  listen(listener) {
    this.#listeners.push(listener);
    listener(this.now);
  }

  /** @param {Drawing} drawing */
  put(drawing) {
    this.#drawings.push(drawing);
    this.tell();
  }

  undo() {
    if (this.canUndo) this.#drawings.pop();
    this.tell();
  }

  clear() {
    if (!isEmpty(this.now)) this.put(EMPTY);
  }

  /** @param {Point} point */
  penDown(point) {
    this.put({ ...this.now, strokes: [...this.now.strokes, [point]] });
  }

  /** @param {Point[]} points */
  penMoves(points) {
    const strokes = this.now.strokes.with(-1, [...(this.now.strokes.at(-1) ?? []), ...points]);
    this.#drawings[this.#drawings.length - 1] = { ...this.now, strokes };
    this.tell();
  }

  tell() {
    for (const listener of this.#listeners) listener(this.now);
  }
}
