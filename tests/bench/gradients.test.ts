/**
 * First gradients of FitNet-4: what reaches its layers from good and from bad initial weights.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { gradientFigure } from "../../bench/gradients/figure.ts";
import { gradients } from "../../bench/gradients/main.ts";
import { type Choice, firstGradient } from "../../bench/gradients/norms.ts";
import { open } from "../../mod.ts";
import { folderOf } from "../data/fixtures.ts";
import { captured } from "../tasks/captured.ts";

const CHOICE: Choice = { activation: "ReLU", start: "LSUV", batch: 4, seed: 0 };

Deno.test("from LSUV the gradient reaches all 19 layers, from small Gaussian weights none", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  const good = await firstGradient(run, CHOICE);
  const bad = await firstGradient(run, { ...CHOICE, start: "Gaussian 0.01" });
  assertEquals([good.norms.length, bad.norms.length], [19, 19]);
  assert(good.norms.every((norm) => norm > 0.05 && norm < 50), good.norms.join());
  assert(bad.norms.every((norm) => norm < 1e-9), bad.norms.join());
  assertAlmostEquals(bad.loss, Math.log(10), 1e-6);
});

Deno.test("gradientFigure() has a panel for each activation, without points that a log axis cannot show", () => {
  const net = { activation: "tanh", start: "Xavier", loss: 1, norms: [0.5, 0, Infinity, 2] };
  const { panels } = gradientFigure([net], "");
  assertEquals(panels.map(({ title }) => title), ["tanh"]);
  assertEquals(panels[0]!.lines.map(({ name, points }) => [name, points]), [
    ["Xavier", [{ x: 1, y: 0.5 }, { x: 4, y: 2 }]],
  ]);
});

Deno.test("deno task bench:gradients writes a net for each activation and start", async () => {
  await using at = await folderOf({});
  const out = `${at.path}/gradients.json`;
  const args = ["--device", "cpu", "--threads", "1", "--batch", "1", "--out", out];
  const { code } = await captured(() => gradients(args));
  assertEquals(code, 0);
  const { nets, batch, command } = JSON.parse(await Deno.readTextFile(out));
  assertEquals([nets.length, batch], [4 * 5, 1]);
  assertEquals(command, `deno task bench:gradients ${args.join(" ")}`);
});
