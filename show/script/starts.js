/** Test images to start from: a button for each digit. Each press shows the next image of that digit. */

import { elements } from "#page";
import { onColours, paintInk } from "#paint";

/**
 * @param {import("#drawing").History} history
 * @param {import("#page").Example[]} starts
 */
export function showStarts(history, starts) {
  elements(".start", HTMLButtonElement).forEach((button, digit) => {
    const images = starts.filter(({ label }) => label === digit).map(({ pixels }) => pixels);
    const canvas = document.createElement("canvas");
    button.replaceChildren(canvas);
    button.disabled = images.length === 0;
    let next = 0;
    const repaint = () => paintInk(canvas, images[next] ?? null);
    button.addEventListener("click", () => {
      history.put({ image: images[next], strokes: [] });
      next = (next + 1) % images.length;
      repaint();
    });
    onColours(repaint);
    repaint();
  });
}
