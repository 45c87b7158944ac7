/**
 * Positions of labels without overlaps.
 *
 * @module
 */

/**
 * Moves positions as little as needed to be at least `gap` apart and within 0 and `most`, in the same order.
 * Positions that do not fit end up `gap` apart beyond `most`.
 */
export function spread(wanted: readonly number[], gap: number, most: number): readonly number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const places = order.map((i) => Math.min(Math.max(wanted[i]!, 0), most));
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i]!, places[i - 1]! + gap);
  const last = places.length - 1;
  if (last >= 0 && places[last]! > most) {
    places[last] = Math.max(most, last * gap);
    for (let i = last - 1; i >= 0; i--) places[i] = Math.min(places[i]!, places[i + 1]! - gap);
  }
  const back: number[] = [];
  order.forEach((i, at) => back[i] = places[at]!);
  return back;
}
