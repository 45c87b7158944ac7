const isPlain = (value: object): boolean =>
  [null, Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));

/** Classes whose instances are equal if their strings are. */
const TEXTS: ReadonlySet<unknown> = new Set(
  [RegExp, URL, URLSearchParams, Intl.Locale].map((known) => known.prototype),
);

type Indexed = ArrayLike<unknown>;

const isTypedArray = (value: object): value is Indexed & object =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

const isBuffer = (value: object): value is ArrayBuffer | SharedArrayBuffer =>
  value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;

/** The first place where two sequences differ, or -1 where they do not. */
export function firstDifference(a: Indexed, b: Indexed, same = equal): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i] && !same(a[i], b[i])) return i;
  }
  return a.length === b.length ? -1 : shorter;
}

function samePrototypes(a: object, b: object): boolean {
  const [ours, theirs] = [a, b].map((x) => Object.getPrototypeOf(x) ?? Object.prototype);
  return ours === theirs;
}

/** The property names of an object, inherited ones included, up to Object.prototype. */
function namesOf(value: object): readonly PropertyKey[] {
  const names: PropertyKey[] = [];
  for (let at = value; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(...Reflect.ownKeys(at));
  }
  return names;
}

type Same = (a: unknown, b: unknown) => boolean;

const sameSet = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>, same: Same): boolean =>
  [...a].every((member) => b.has(member) || [...b].some((other) => same(member, other)));

const sameMap = (a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>, same: Same) =>
  [...a].every(([key, value]) =>
    b.has(key) && typeof key !== "object"
      ? same(value, b.get(key))
      : [...b].some(([other, its]) => same(key, other) && same(value, its))
  );

function sameMembers(a: object, b: object, same: Same): boolean {
  const names = isPlain(a) ? Reflect.ownKeys({ ...a, ...b }) : [...namesOf(a), ...namesOf(b)];
  return names.every((name) =>
    name in a === name in b && same(Reflect.get(a, name), Reflect.get(b, name))
  );
}

/**
 * Whether two values are deeply equal: of the same class, with equal members, getters included; NaN equals
 * NaN, and 0 equals -0. Cyclic structures are supported.
 */
export function equal(a: unknown, b: unknown): boolean {
  const pairs = new Map<object, object>();
  const same = (a: unknown, b: unknown): boolean => {
    if (a === b || Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
    if (!samePrototypes(a, b)) return false;
    if (isTypedArray(a)) return firstDifference(a, b as unknown as Indexed, same) < 0;
    if (isBuffer(a) && isBuffer(b)) return same(new Uint8Array(a), new Uint8Array(b));
    if (a instanceof WeakMap || a instanceof WeakSet) {
      throw new TypeError(`Cannot compare ${a.constructor.name} instances`);
    }
    if (a instanceof WeakRef) return same(a.deref(), (b as WeakRef<object>).deref());
    if (pairs.get(a) === b) return true;
    if (Object.keys(a).length !== Object.keys(b).length) return false;
    pairs.set(a, b);
    if (a instanceof Set && b instanceof Set) return a.size === b.size && sameSet(a, b, same);
    if (a instanceof Map && b instanceof Map) return a.size === b.size && sameMap(a, b, same);
    if (TEXTS.has(Object.getPrototypeOf(a))) return String(a) === String(b);
    return sameMembers(a, b, same);
  };
  return same(a, b);
}
