import { assert, assertEquals } from "@std/assert";
import { linearAxis, robustValues } from "../../../tasks/plots/axis.ts";
import { exitKey, exits, pointsWithin, withArrow } from "../../../tasks/plots/clip.ts";
import { COLUMN, GAP, layoutPanels, MARGIN } from "../../../tasks/plots/layout.ts";
import type { Axis } from "../../../tasks/plots/panel.ts";

const AXIS: Axis = { title: "loss", domain: [0, 4], ticks: [] };
const LOG: Axis = { title: "variance", domain: [1e-4, 1], ticks: [], log: true };
const points = (...ys: number[]) => ys.map((y, x) => ({ x, y }));

Deno.test("exits() are the places at which a line crosses an edge of the axis", () => {
  assertEquals(exits(points(2, 6, 6, 3), AXIS), [
    { x: 0.5, y: 4, upwards: true },
    { x: 2 + 2 / 3, y: 4, upwards: true },
  ]);
  assertEquals(exits(points(1e-2, 1e-6), LOG), [{ x: 0.5, y: 1e-4, upwards: false }]);
  assertEquals(exits(points(0, 4), AXIS), []);
});

Deno.test("exits() of a line that is never on the axis is its first point, at the edge", () => {
  assertEquals(exits(points(9, 8), AXIS), [{ x: 0, y: 4, upwards: true }]);
});

Deno.test("a line that ends beyond the axis has an arrow behind its name, and a sentence in the key", () => {
  const line = { name: "MSRA", color: 0, points: points(2, 25) };
  assertEquals(withArrow(line, AXIS).beyond, "↑");
  assertEquals(withArrow({ ...line, points: points(25, 2) }, AXIS).beyond, undefined);
  assertEquals(pointsWithin(line.points, AXIS), [{ x: 0, y: 2 }]);
  assertEquals(exitKey([{ y: AXIS, lines: [line] }]).length, 1);
  assertEquals(exitKey([{ y: AXIS, lines: [{ ...line, points: points(1, 2) }] }]), []);
});

Deno.test("robustValues() let others stretch an axis by half of what it must show", () => {
  const { domain } = linearAxis("loss", robustValues([0, 2], [25, 1]));
  assertEquals(domain.map((value) => Number(value.toFixed(6))), [-0.15, 3.15]);
  assertEquals(robustValues([], [25, 1]), [25, 1]);
});

Deno.test("a figure is no wider than the text, whatever its names and panels", () => {
  for (const length of [1, 10, 20, 40]) {
    for (const count of [1, 2, 5]) {
      const line = { name: "n".repeat(length), color: 0, points: points(1) };
      const panel = { x: AXIS, y: AXIS, lines: [line] };
      const layout = layoutPanels(Array.from({ length: count }, () => panel));
      const { columns, left, width, right } = layout;
      const all = columns * (left + width + right) + (columns - 1) * GAP + 2 * MARGIN;
      assert(all <= COLUMN, `${length} letters, ${count} panels: ${all}`);
    }
  }
});
