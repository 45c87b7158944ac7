const sameSet = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean =>
  a.size === b.size &&
  [...a].every((member) => b.has(member) || [...b].some((other) => equal(member, other)));

const sameMap = (a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean =>
  a.size === b.size &&
  [...a].every(([key, value]) =>
    b.has(key)
      ? equal(value, b.get(key))
      : [...b].some(([otherKey, other]) => equal(key, otherKey) && equal(value, other))
  );

type Indexed = ArrayLike<unknown>;

const isTypedArray = (value: object): boolean =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** The first place where two sequences differ, or -1 where they do not. */
export function firstDifference(a: Indexed, b: Indexed): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i] && !equal(a[i], b[i])) return i;
  }
  return a.length === b.length ? -1 : shorter;
}

/**
 * Whether two values are equal in structure: the same constructor, own keys and members; NaN
 * equals NaN, and 0 equals -0.
 */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === "number" && typeof b === "number") return Number.isNaN(a) && Number.isNaN(b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if ((a.constructor ?? Object) !== (b.constructor ?? Object)) return false;
  if (a instanceof Date && b instanceof Date) return equal(a.getTime(), b.getTime());
  if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
  if (a instanceof Set && b instanceof Set) return sameSet(a, b);
  if (a instanceof Map && b instanceof Map) return sameMap(a, b);
  if (isTypedArray(a)) return firstDifference(a as unknown as Indexed, b as unknown as Indexed) < 0;
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return equal(new Uint8Array(a), new Uint8Array(b));
  }
  if (a instanceof Error && b instanceof Error && a.message !== b.message) return false;
  const keys = Reflect.ownKeys(a).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(a, key)
  );
  const others = Reflect.ownKeys(b).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(b, key)
  );
  return keys.length === others.length &&
    (!Array.isArray(a) || a.length === (b as Indexed).length) &&
    keys.every((key) => Object.hasOwn(b, key) && equal(Reflect.get(a, key), Reflect.get(b, key)));
}
