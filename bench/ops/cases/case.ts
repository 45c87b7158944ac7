/**
 * A case: an op at a size, with a name.
 *
 * @module
 */
import type { Kind, SizeOf } from "../kinds/mod.ts";

/** An op at a size. */
export interface Case<K extends Kind = Kind> {
  readonly kind: K;
  readonly name: string;
  readonly size: SizeOf<K>;
}

/** The cases of a kind, from sizes by name. */
export const casesOf = <K extends Kind>(
  kind: K,
  sizes: Readonly<Record<string, SizeOf<K>>>,
): readonly Case<K>[] => Object.entries(sizes).map(([name, size]) => ({ kind, name, size }));

/** The cases of a kind whose names follow from their sizes. */
export const namedCases = <K extends Kind>(
  kind: K,
  name: (size: SizeOf<K>) => string,
  sizes: readonly SizeOf<K>[],
): readonly Case<K>[] => sizes.map((size) => ({ kind, name: name(size), size }));
