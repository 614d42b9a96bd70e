/** The page: what is drawn, what the models say of it, how they learnt, where they err. */

import { startAnswer } from "#answer";
import { PIXELS } from "#constants";
import { History } from "#drawing";
import { classify } from "#exact";
import { FEATURES } from "#features";
import { startLearning } from "#learn";
import { startMistakes } from "#mistakes";
import { startPad } from "#pad";
import { readExamples, readLearning, readModel } from "#page";
import { startPhoto } from "#photo";
import { startStarts } from "#starts";

const model = readModel();
const feature = FEATURES[model.features];
const history = new History();

Object.assign(window, {
  /** @param {ArrayLike<number>} pixels the bytes of an image, 784 for one of 28 by 28, rows from the top left, 0 for paper and 255 for ink */
  classify(pixels) {
    const bytes = Uint8Array.from(pixels);
    if (bytes.length !== PIXELS) throw new RangeError(`classify takes ${PIXELS} bytes, got ${bytes.length}`);
    return classify(model, feature.see(bytes));
  },
});

startPad(history);
startAnswer(model, feature, history);
startPhoto(model, feature, history);
startLearning(readLearning(), feature, history);
readExamples().then(({ starts, mistakes }) => {
  startStarts(history, starts);
  startMistakes(model, feature, history, [...starts, ...mistakes]);
});
