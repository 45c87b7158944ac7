/**
 * The drawing of the floors, from the table that `deno task floors` checks and from the imports.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { buildGraph } from "../floors/check.ts";
import type { Source } from "../floors/imports.ts";
import { floorIn, isEntry, LIBRARY, ROOMS } from "../floors/order.ts";
import { arrowsBetween } from "./arrows.ts";
import type { Drawing, Row } from "./drawing.ts";

const countFiles = (sources: readonly Source[], on: (path: string) => boolean): string =>
  counted(sources.filter(({ path }) => on(path)).length, "file");

/** The floors, entries on top and plain values at the bottom. */
export function floorsDrawing(sources: readonly Source[]): Drawing {
  const floors = [
    ...LIBRARY.map((floor) => ({
      floor,
      on: (path: string) => LIBRARY[floorIn(LIBRARY, path)] === floor,
    })),
    ...ROOMS.map((floor) => ({
      floor,
      on: (path: string) => ROOMS[floorIn(ROOMS, path)] === floor,
    })),
    {
      floor: {
        name: "entries",
        note: "One program per task, imported by no file.",
        paths: ["tasks/*.ts"],
      },
      on: isEntry,
    },
  ].reverse();
  const titles = new Map([[0, "The application: tasks"], [1 + ROOMS.length, "The library: src"]]);
  const rows = floors.map(({ floor: { name, note }, on }, n): Row => {
    const title = titles.get(n);
    return {
      name,
      size: countFiles(sources, on),
      note,
      ...(title === undefined ? {} : { title }),
    };
  });
  const rowOf = (path: string) => floors.findIndex(({ on }) => on(path));
  return {
    title: "Floors of goodinit, each importing those below it",
    rows,
    arrows: arrowsBetween(buildGraph(sources), rowOf),
  };
}
