/**
 * Loops in which a thread combines values at equal distances.
 *
 * @module
 */

/** The values that a thread combines. */
export interface Strided {
  /** The variable that holds the result so far. */
  readonly name: string;
  /** The first place, the distance from each to the next, and the place before which they end. */
  readonly first: string;
  readonly step: number;
  readonly end: number;
  /** How many are loaded before they are combined: one by one, each load would wait for the one before. */
  readonly atOnce: number;
  /** The value at a place. */
  readonly read: (place: string) => string;
  readonly combine: (a: string, b: string) => string;
}

/** The lines of a loop that combines values in order. */
export function combineStrided(
  { name, first, step, end, atOnce, read, combine }: Strided,
): string {
  const loop = `  for (var k = ${first}; k < ${end}u; k += ${atOnce * step}u) {`;
  if (atOnce === 1) return `${loop}\n    ${name} = ${combine(name, read("k"))};\n  }`;
  const places = Array.from({ length: atOnce - 1 }, (_, j) => `k + ${(j + 1) * step}u`);
  return [
    loop,
    `    let value0 = ${read("k")};`,
    ...places.map((place, j) => `    let value${j + 1} = ${read(`min(${place}, ${end - 1}u)`)};`),
    `    ${name} = ${combine(name, "value0")};`,
    ...places.map((place, j) =>
      `    if (${place} < ${end}u) { ${name} = ${combine(name, `value${j + 1}`)}; }`
    ),
    "  }",
  ].join("\n");
}
