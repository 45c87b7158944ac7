import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drawHeatMap } from "../../../tasks/plots/heat_map.ts";
import { COLUMN } from "../../../tasks/plots/layout.ts";
import { heatMaps } from "../../../tasks/report/figures/heat_maps.ts";
import type { Results } from "../../../tasks/report/results.ts";

const MAP = {
  name: "map",
  title: "Steps",
  rows: ["LSUV", "<he>"],
  columns: ["5 layers", "20 layers", "100 layers"],
  values: [[10, 100, 1000], ["never", null, 10]],
  less: "faster",
};

Deno.test("drawHeatMap() is darker for smaller numbers, by their logarithms", () => {
  const { svg, alt } = drawHeatMap(MAP);
  const opaque = [...svg.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, share]) => Number(share));
  assertEquals(opaque.length, 4);
  const [ten, hundred, thousand, again] = opaque as [number, number, number, number];
  assert(ten > hundred && hundred > thousand && again === ten, opaque.join());
  assert(Math.abs(hundred - (ten + thousand) / 2) < 0.002, opaque.join());
  for (
    const part of [
      ">never</text>",
      ">1000</text>",
      ">&lt;he&gt;</text>",
      ">20</text>",
      ">layers</text>",
    ]
  ) {
    assertStringIncludes(svg, part);
  }
  assertEquals(
    alt,
    "Steps. LSUV: 5 layers 10, 20 layers 100, 100 layers 1000. " +
      "<he>: 5 layers never, 20 layers unknown, 100 layers 10.",
  );
});

Deno.test("drawHeatMap() of one number, and of none, has no colors that are not numbers", () => {
  for (const values of [[[7]], [["never"]], [[null]]]) {
    const { svg } = drawHeatMap({ ...MAP, rows: ["a"], columns: ["b"], values });
    assert(!/NaN|Infinity|undefined/.test(svg), svg);
  }
});

Deno.test("drawHeatMap() of seven columns is no wider than the text", () => {
  const columns = Array.from({ length: 7 }, (_, i) => `${i}00 layers`);
  const { svg } = drawHeatMap({ ...MAP, columns, values: [columns.map((_, i) => i + 1), []] });
  assert(Number(svg.match(/ width="(\d+)"/)![1]) <= COLUMN);
});

Deno.test("heatMaps() takes the findings that are grids, and what is no positive number as text", () => {
  const findings = [
    { title: "A table", head: ["", "x"], lines: [["a", 1]], notes: [] },
    {
      title: "A grid",
      head: ["", "x", "y"],
      lines: [["b", 0, null], ["a", 5, "never"]],
      notes: [],
      map: { rows: ["a", "b", "c"], columns: ["x", "y"], less: "faster" },
    },
  ];
  const [map, ...others] = heatMaps({ findings } as unknown as Results);
  assertEquals(others, []);
  assertEquals(map!.values, [[5, "never"], ["0", null], [null, null]]);
});

Deno.test("drawHeatMap() names columns whole where they do not end in one word", () => {
  const { svg } = drawHeatMap({ ...MAP, columns: ["5 layers", "20 layers", "most units"] });
  for (const part of [">5 layers</text>", ">most units</text>"]) assertStringIncludes(svg, part);
});
