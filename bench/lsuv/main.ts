/**
 * Whether LSUV's reports are accurate: a table of nets of every kind, with reported variances and those
 * measured with the returned parameters.
 *
 *     deno run -A bench/lsuv/main.ts [cpu|webgpu|reference] [depth]
 *
 * @module
 */
import { open } from "../../mod.ts";
import { compare, distance } from "./compare.ts";
import { nets } from "./nets.ts";

const [device = "cpu", depth = "300"] = Deno.args;
await using run = await open({ device: device as "cpu" });
const span = (values: readonly number[]) =>
  [...new Set([Math.min(...values), Math.max(...values)].map((v) => v.toPrecision(4)))].join(
    " to ",
  );

console.log(`${run.device}\n`);
console.log(
  "| net | scaled: reported | measured | others: reported | measured | largest difference |",
);
console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
for (const at of nets(Number(depth))) {
  const rows = await compare(run, at), units = rows.filter(({ uncovered }) => !uncovered);
  const cells = [false, true].flatMap((others) => {
    const chosen = units.filter(({ name }) => (at.others ?? []).includes(name) === others);
    return chosen.length
      ? [span(chosen.map(({ after }) => after)), span(chosen.map(({ measured }) => measured))]
      : ["", ""];
  });
  const uncovered = rows.filter(({ uncovered }) => uncovered).map(({ name }) => `\`${name}\``);
  const name = at.name + (uncovered.length ? `; not covered: ${uncovered.join(", ")}` : "");
  console.log(`| ${name} | ${cells.join(" | ")} | ${distance(rows).toExponential(1)} |`);
}
