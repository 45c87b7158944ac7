/**
 * Changes of a JSON text: fields left out, moved, or of another type.
 *
 * @module
 */

/** A place in a JSON value: the object or list, and the name or index in it. */
interface Slot {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

/** All places in a value, the upper ones first. */
function slotsOf(value: unknown): Slot[] {
  const slots: Slot[] = [], open: unknown[] = [value];
  for (const each of open) {
    if (typeof each !== "object" || each === null) continue;
    const holder = each as Record<string, unknown>;
    for (const name of Object.keys(holder)) {
      slots.push({ holder, name });
      open.push(holder[name]);
    }
  }
  return slots;
}

/** A text that stands for a list nested deeper than JSON.stringify goes. */
const DEEPEST = "(nested)", LEVELS = 100_000;

const deep = (levels: number): unknown => {
  let value: unknown = [];
  for (let i = 0; i < levels; i++) value = [value];
  return value;
};

/** Values that a field should not have. */
const VALUES: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => "",
  () => "x\ny\u0000\u001b[31m",
  () => "x".repeat(5000),
  () => "__proto__",
  () => [],
  () => ({}),
  () => [null],
  () => ({ length: 1 }),
  () => deep(50),
  () => DEEPEST,
  () => 0,
  () => -1,
  () => 0.5,
  () => 1e300,
  () => 2 ** 53,
  () => 2 ** 31,
  () => 4096,
];

/** What is done to a field. */
const ACTS: readonly ((slot: Slot, other: Slot, value: number) => void)[] = [
  ({ holder, name }) => Array.isArray(holder) ? holder.splice(+name, 1) : delete holder[name],
  ({ holder, name }, _, value) => void (holder[name] = VALUES[value % VALUES.length]!()),
  ({ holder, name }, _, value) => void (holder[name] = VALUES[value % VALUES.length]!()),
  ({ holder, name }, other) => void (holder[name] = structuredClone(other.holder[other.name])),
  ({ holder, name }) =>
    Array.isArray(holder)
      ? void holder.push(holder[+name])
      : void (holder[`${name}2`] = holder[name]),
  ({ holder, name }) => void (holder[name] = String(holder[name])),
];

const toText = (value: unknown): string =>
  JSON.stringify(value).replace(`"${DEEPEST}"`, "[".repeat(LEVELS) + "]".repeat(LEVELS));

/** A JSON text with a field changed, chosen by three numbers; the text itself where it is no JSON. */
export function editJson(text: string, a: number, b: number, c: number): string {
  try {
    const value: unknown = JSON.parse(text), slots = slotsOf(value);
    if (slots.length === 0 || c % 97 === 0) return toText(VALUES[b % VALUES.length]!());
    const slot = slots[a % slots.length]!, other = slots[c % slots.length]!;
    ACTS[b % ACTS.length]!(slot, other, c);
    return toText(value);
  } catch {
    return text;
  }
}
