/**
 * The sentences below the picture.
 *
 * @module
 */

/** A number in at most three digits, as people write it. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "no number" : "infinity";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e5) return String(Number(value.toPrecision(3)));
  const power = Math.floor(Math.log10(size)),
    raised = [...String(Math.abs(power))]
      .map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
  return `${(value / 10 ** power).toFixed(1)} × 10${power < 0 ? "⁻" : ""}${raised}`;
}

const fixed = (value: number): string => value.toFixed(2);

/** What the weights do as they were drawn. */
function asDrawn(variances: readonly number[]): string {
  const last = variances.length, end = variances[last - 1]!, begin = variances[0]!;
  const words = `As drawn, layer 1 has variance ${number(begin)} and layer ${last} ${number(end)}`;
  if (!(end < Infinity) || end > 100 * begin) return `${words}: the signal explodes on its way.`;
  if (end < begin / 100) return `${words}: the signal vanishes on its way.`;
  return `${words}.`;
}

/** What LSUV has done to one layer. */
function scaled(layer: number, layers: number, before: number, after: number): string {
  const at = `Layer ${layer} of ${layers}`;
  if (!(before > 0 && before < Infinity)) {
    return `${at} had variance ${number(before)}: no factor brings it to 1.`;
  }
  return `${at} had variance ${number(before)}. Its weights are multiplied by ` +
    `${number(Math.sqrt(after / before))}, and it has ${
      fixed(after)
    }; all layers behind it rise or fall too.`;
}

/** What LSUV has done to all layers. */
function whole(drawn: readonly number[], now: readonly number[]): string {
  const low = Math.min(...now), high = Math.max(...now), last = drawn.length;
  const span = fixed(low) === fixed(high) ? fixed(low) : `${fixed(low)} to ${fixed(high)}`;
  return `Done: every layer has variance ${span}. As drawn, layer ${last} had ${
    number(drawn[last - 1]!)
  }.`;
}

/** The sentence of a state of the picture. `previous` are the variances one layer earlier. */
export function describeStep(
  drawn: readonly number[],
  previous: readonly number[] | undefined,
  now: readonly number[],
  done: number,
): string {
  if (done === 0 || !previous) return asDrawn(now);
  if (done === now.length) return whole(drawn, now);
  return scaled(done, now.length, previous[done - 1]!, now[done - 1]!);
}
