/** Starts the page: the pad, the answer, photographs, learning, and the confusion matrix. */

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
import { showStarts } from "#starts";

const model = readModel();
const feature = FEATURES[model.features];
const history = new History();

Object.assign(window, {
  /** @param {ArrayLike<number>} pixels an image's bytes row by row, 784 if it is 28 by 28: 0 is paper, 255 ink */
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
  showStarts(history, starts);
  startMistakes(model, feature, history, [...starts, ...mistakes]);
});
