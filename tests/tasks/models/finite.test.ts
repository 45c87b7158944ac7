/**
 * Weights and outputs that are not finite: refused where they would give wrong answers, counted elsewhere.
 */
import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { TaskError } from "../../../tasks/cli/task_error.ts";
import { exportNet } from "../../../tasks/export/export_command.ts";
import { importNet } from "../../../tasks/export/import_command.ts";
import { evaluate } from "../../../tasks/models/evaluate/command.ts";
import {
  countNonFinite,
  describeNonFinite,
  nonFiniteTensors,
  requireFiniteOutputs,
} from "../../../tasks/models/finite.ts";
import { inspect } from "../../../tasks/models/inspect/command.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";
import { predict } from "../../../tasks/models/predict/command.ts";
import { train } from "../../../tasks/training/train_command.ts";
import { captured } from "../captured.ts";
import { mnistWith, tensorsOf, weightsOf } from "../nets.ts";
import { QUICK } from "../runs.ts";

const FIELDS = { net: "fitnetMnist", activation: "relu" } as const;
const DEVICE = ["--device", "cpu", "--threads", "1"];

/** Weights in which some numbers of some tensors are replaced. */
function weightsWith(changes: Readonly<Record<string, readonly number[]>>) {
  const tensors = tensorsOf(parseModel(FIELDS));
  for (const [name, values] of Object.entries(changes)) {
    values.forEach((value, i) => tensors.get(name)!.data[i] = value);
  }
  return weightsOf(FIELDS, tensors);
}

const BAD = weightsWith({ "0.w": [NaN, NaN, -Infinity], "0.b": [Infinity] });
const FOUND = /2 NaN and 1 infinite of [\d,]+ in 0\.w, and more in 1 other tensor/;

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

Deno.test("countNonFinite() counts NaN and infinite numbers apart, and none of large ones", () => {
  assertEquals(countNonFinite([1, 3e38, -3e38, 0, -0]), undefined);
  assertEquals(countNonFinite([NaN, 1, -Infinity, NaN]), { nan: 2, infinite: 1 });
  assertEquals(countNonFinite(Int32Array.of(1, -1)), undefined);
  assertEquals(countNonFinite([]), undefined);
  const tensors = new Map([["a", { shape: [1], data: Float32Array.of(NaN) }]]);
  assertEquals(describeNonFinite(nonFiniteTensors(tensors)), "1 NaN of 1 in a");
});

Deno.test("requireFiniteOutputs() names the image", () => {
  assertThrows(
    () => requireFiniteOutputs([1, 2, 3, Infinity], 2, 10, "outputs"),
    TaskError,
    "expected finite outputs of the net, found Infinity for image 11",
  );
});

Deno.test("evaluate, predict and --teacher refuse weights that are not finite, and say that the run diverged", async () => {
  await using at = await mnistWith([0, 1, 2], {
    "run/weights.safetensors": BAD,
    "run/manifest.json": json({ status: "diverged at step 512" }),
    "bad.safetensors": BAD,
  });
  const data = ["--data", at.path, ...DEVICE],
    run = `${at.path}/run`,
    bad = `${at.path}/bad.safetensors`;
  for (
    const [task, path, why] of [
      [() => evaluate([run, ...data]), `${run}/weights`, "; the run diverged at step 512"],
      [() => predict([run, "test:0", ...data]), `${run}/weights`, "; the run diverged at step 512"],
      [() => evaluate([bad, ...data]), bad, ""],
      [() => predict([bad, "test:0", ...data]), bad, ""],
      [() => train("mnist", [...QUICK, "--teacher", bad, "--out", `${at.path}/new`]), bad, ""],
    ] as const
  ) {
    const { code, out, err } = await captured(task);
    assertEquals([code, out, err.split("\n").length], [1, "", 1], err);
    assertStringIncludes(err, `: ${path}`);
    assertMatch(err, new RegExp(`: expected finite weights, found ${FOUND.source}${why}$`));
  }
});

Deno.test("inspect, export and import count weights that are not finite", async () => {
  await using at = await mnistWith([0], { "bad.safetensors": BAD });
  const bad = `${at.path}/bad.safetensors`, exported = `${at.path}/exported`;
  const inspected = await captured(() => inspect([bad]));
  assertEquals([inspected.code, inspected.err], [0, ""]);
  assertMatch(
    inspected.out,
    /\nnot finite: 2 NaN and 1 infinite of [\d,]+ in 0\.w\nnot finite: 1 infinite of \d+ in 0\.b$/,
  );
  const { code, err } = await captured(() => exportNet([bad, exported]));
  assertEquals([code, err.split("\n").length], [0, 2]);
  assertMatch(err, /^export: not finite: 2 NaN and 1 infinite of/);
  const back = await captured(() =>
    importNet([`${exported}/model.safetensors`, `${at.path}/back.safetensors`])
  );
  assertEquals([back.code, back.err.split("\n").length], [0, 2]);
  assertMatch(back.err, /^import: not finite: 2 NaN and 1 infinite of/);
});

Deno.test("evaluate and predict end with 1 where finite weights give outputs that are not finite", async () => {
  const names = [...tensorsOf(parseModel(FIELDS)).keys()].filter((name) => name.endsWith(".w"));
  const changes = Object.fromEntries(names.map((name) => [name, new Array(200).fill(3e38)]));
  await using at = await mnistWith([0, 1, 2], { "huge.safetensors": weightsWith(changes) });
  const weights = `${at.path}/huge.safetensors`, data = ["--data", at.path, ...DEVICE];
  for (
    const task of [() => evaluate([weights, ...data]), () => predict([weights, "test:0", ...data])]
  ) {
    const { code, out, err } = await captured(task);
    assertEquals([code, out], [1, ""], err);
    assertMatch(
      err,
      /: expected finite outputs of the net, found \S+ for image 0: its weights are finite/,
    );
  }
});
