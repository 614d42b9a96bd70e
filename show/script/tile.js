/** A small image with words below it. It is a button that puts the image on the pad. */

import { element } from "#page";
import { paintInk } from "#paint";

/**
 * @param {Uint8Array} pixels
 * @param {string[]} lines
 * @param {import("#drawing").History} history
 * @returns {{ item: HTMLLIElement, button: HTMLButtonElement }}
 */
export function tileOf(pixels, lines, history) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const canvas = document.createElement("canvas");
  const words = lines.map((line) => {
    const place = document.createElement("span");
    place.textContent = line;
    return place;
  });
  button.type = "button";
  button.append(canvas, ...words);
  button.addEventListener("click", () => {
    history.put({ image: pixels, strokes: [] });
    element("#pad", HTMLElement).focus({ preventScroll: true });
    element("#draw", HTMLElement).scrollIntoView();
  });
  paintInk(canvas, pixels);
  item.append(button);
  return { item, button };
}
