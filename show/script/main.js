/** The page: what is drawn, what the models say of it, how they learnt, where they err. */

import { startAnswer } from "#answer";
import { History } from "#drawing";
import { classify, PIXELS } from "#exact";
import { startLearning } from "#learn";
import { startMistakes } from "#mistakes";
import { startPad } from "#pad";
import { readExamples, readLearning, readModel } from "#page";
import { startStarts } from "#starts";

const model = readModel();
const history = new History();

Object.assign(window, {
  /** @param {ArrayLike<number>} pixels 784 bytes, rows of 28 from the top left, 0 for paper and 255 for ink */
  classify(pixels) {
    const bytes = Uint8Array.from(pixels);
    if (bytes.length !== PIXELS) throw new RangeError(`classify takes ${PIXELS} bytes, got ${bytes.length}`);
    return classify(model, bytes);
  },
});

startPad(history);
startAnswer(model, history);
startLearning(readLearning(), history);
readExamples().then(({ starts, mistakes }) => {
  startStarts(history, starts);
  startMistakes(model, history, [...starts, ...mistakes]);
});
