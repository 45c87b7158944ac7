/**
 * Checks the imports of a repository against the order of its floors.
 *
 * @module
 */
import { findCircles, type Graph, shortestCircle } from "./circles.ts";
import { findImports, findStarted, type Import, type Source, withoutComments } from "./imports.ts";
import {
  type Floor,
  floorIn,
  GUESTS,
  isEntry,
  isUnder,
  LIBRARY,
  RESERVED,
  ROOMS,
} from "./order.ts";

/** Checks one import of a file: the violation in words; undefined if there is none. */
type Rule = (path: string, each: Import) => string | undefined;

function onlyLower(floors: readonly Floor[], path: string, target: string): string | undefined {
  const floor = floorIn(floors, path), other = floorIn(floors, target);
  if (floor < 0 || other <= floor) return undefined;
  const { name } = floors[floor]!;
  return `expected imports from ${name} or below, found "${target}" of ${floors[other]!.name}`;
}

/** The library imports only itself, and only lower floors. */
const library: Rule = (path, { specifier, target }) => {
  if (path !== "mod.ts" && !path.startsWith("src/")) return undefined;
  if (target === undefined) return `expected relative imports only, found "${specifier}"`;
  if (!target.startsWith("src/")) return `expected imports from src, found "${target}"`;
  return onlyLower(LIBRARY, path, target);
};

/** A room of the application imports the library and earlier rooms. */
const rooms: Rule = (path, { target }) => {
  if (!path.startsWith("tasks/") || isEntry(path) || target === undefined) return undefined;
  if (!/^(src|tasks)\/|^mod\.ts$|\.json$/.test(target)) {
    return `expected imports from src and tasks, found "${target}"`;
  }
  return onlyLower(ROOMS, path, target);
};

/** Entries are programs: no file imports them. */
const entries: Rule = (_, { target }) =>
  target !== undefined && isEntry(target)
    ? `expected no import of an entry, found "${target}"; move what others need to a room of tasks`
    : undefined;

/** Other folders import from the application only what `GUESTS` allows. */
const guests: Rule = (path, { target }) => {
  const folder = Object.keys(GUESTS).find((each) => path.startsWith(each));
  if (folder === undefined || !target?.startsWith("tasks/")) return undefined;
  if (isEntry(target) || isUnder(target, GUESTS[folder]!)) return undefined;
  return `expected nothing of tasks but ${GUESTS[folder]!.join(" and ")}, found "${target}"`;
};

/** The rules for files that a file imports, and for those that it starts as workers or processes. */
const ORDER: readonly Rule[] = [library, rooms, guests];

const broken = (path: string, rules: readonly Rule[], imports: readonly Import[]): string[] =>
  imports.flatMap((each) => rules.flatMap((rule) => rule(path, each) ?? []));

const importFaults = (source: Source): string[] => [
  ...broken(source.path, [...ORDER, entries], findImports(source)),
  ...broken(source.path, ORDER, findStarted(source)),
];

/** Every file of `src` and `tasks` has a floor. */
function placeFaults({ path }: Source): string[] {
  const lost = path.startsWith("src/") && floorIn(LIBRARY, path) < 0 ||
    path.startsWith("tasks/") && !isEntry(path) && floorIn(ROOMS, path) < 0;
  return lost ? ["expected a floor in the table of dev/floors/order.ts, found none"] : [];
}

function wordFaults({ path, text }: Source): string[] {
  if (!isUnder(path, ["mod.ts", "src/"])) return [];
  const code = withoutComments(text);
  return RESERVED.flatMap(([pattern, word, ...folders]) =>
    !isUnder(path, folders) && pattern.test(code)
      ? [`expected "${word}" in ${folders.join(" and ")} only, found it here`]
      : []
  );
}

/** The graph of imports between a repository's files. */
export function buildGraph(sources: readonly Source[]): Graph {
  const paths = new Set(sources.map(({ path }) => path));
  return new Map(sources.map((source) => [
    source.path,
    findImports(source).flatMap(({ target }) =>
      target !== undefined && paths.has(target) ? [target] : []
    ),
  ]));
}

function circleFaults(sources: readonly Source[]): string[] {
  const graph = buildGraph(sources);
  return findCircles(graph).map((circle) =>
    `${circle[0]}: expected no circle of files, found ${
      shortestCircle(circle, graph).join(" → ")
    }` +
    (circle.length > 2 ? ` (${circle.length} files in all)` : "")
  );
}

/** Every violation in the given files, one line each. */
export const faults = (sources: readonly Source[]): string[] => [
  ...sources.flatMap((source) =>
    [...placeFaults(source), ...importFaults(source), ...wordFaults(source)].map((fault) =>
      `${source.path}: ${fault}`
    )
  ),
  ...circleFaults(sources),
];
