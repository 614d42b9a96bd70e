/** Numbers as the page prints them. */

/**
 * Parts of 1 as percentages with one decimal that add up to 100.0. Each is rounded down; the missing tenths go to the
 * parts that lost most.
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
 * A number with its sign and two decimals; the minus is the typographic one.
 * @param {number} number
 */
export function signed(number) {
  return `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(2)}`;
}
