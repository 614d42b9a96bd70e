/** Numbers as they are printed. */

/**
 * Parts of 1 as percentages with one decimal that add up to 100.0: each is rounded down to a tenth; the tenths that are
 * missing go to those that lost most.
 * @param {number[]} parts
 */
export function percentages(parts) {
  const tenths = parts.map((part) => Math.floor(part * 1000));
  const lost = parts.map((part, i) => part * 1000 - tenths[i]);
  const missing = 1000 - tenths.reduce((sum, each) => sum + each, 0);
  const order = parts.map((_, i) => i).sort((i, j) => lost[j] - lost[i]);
  for (const i of order.slice(0, missing)) tenths[i] += 1;
  return tenths.map((each) => each / 10);
}

/**
 * A number with its sign, a true minus, and two decimals.
 * @param {number} number
 */
export function signed(number) {
  return `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(2)}`;
}
