/**
 * docs/systems.md as text.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import type { SystemFile } from "../../tests/golden/systems/types.ts";
import type { Outcome, Outcomes } from "./measure.ts";
import { callOf, countTrained } from "./net.ts";
import type { System } from "./rows.ts";

const ROOT = new URL("../../", import.meta.url);

const HEAD = `# Every system of the paper

The paper compares LSUV and plain SGD with schemes made for very deep nets and with larger nets. Each system that it
names is a net of the library here, by the name that \`--net\` takes; its documentation comment has the source, and
\`tasks/training/recipes\` has how its authors trained it. Written by \`deno task systems\` from
\`dev/systems/rows.ts\`, the golden files and \`dev/systems/lsuv.json\`.

- **Published**: the number of parameters that its authors give, or the paper's tables. **Counted**: those of the
  net that are trained, companions included, running statistics of batch norm not.
- **PyTorch**: the golden file with three training steps of a smaller one, and the shapes of all tensors at full
  size, which the test compares (\`tests/golden/README.md\`). What PyTorch cannot express is compared with
  differences in float64 of the whole net instead.
- **LSUV**: units (layers with weights, each maxout piece by itself) that it brought within 0.1 of unit variance,
  the most rescalings of one, and the range of variances before and after, from orthonormal weights at full size, on
  images of normal pixels (16, or 4 if large): \`deno task systems --lsuv\`.
- **Command**: at the lengths and widths that \`docs/experiments.md\` says; the nets for ImageNet on images as small
  as CIFAR's.

| system | named in | net | published | counted | PyTorch | test | LSUV | command |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`;

const goldenFile = (name: string): SystemFile =>
  JSON.parse(Deno.readTextFileSync(new URL(`tests/golden/systems/${name}.json`, ROOT)));

const isSystem = (name: string): boolean => !name.endsWith(".json");

/** What is published of a system's size. */
function published({ published, golden = [] }: System): string {
  if (published) return published;
  const [first] = golden.filter(isSystem);
  return (first && goldenFile(first).published) ?? "no number";
}

const short = (value: number): string => `${Number(value.toPrecision(2))}`;
const span = ([low, high]: readonly [number, number]): string => `${short(low)}–${short(high)}`;

/** An outcome of LSUV in words. */
function describe(outcome: Outcome | undefined): string {
  if (!outcome) return "not measured";
  const { units, converged, trials, before, after } = outcome;
  const count = converged === units
    ? counted(units, "unit")
    : `${converged} of ${counted(units, "unit")}`;
  return `${count}, ${counted(trials, "trial")}, ${span(before)} → ${span(after)}`;
}

const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));

/** Throws where a row names a test or a task that is gone. */
function checkNames({ test, command, name }: System): void {
  Deno.statSync(new URL(`tests/${test}`, ROOT));
  if (!(command.split(" ")[2]! in tasks)) {
    throw new Error(`systems: expected a task of deno.json, found ${command} of ${name}`);
  }
}

function row(system: System, outcomes: Outcomes): string {
  const { name, where, golden, test, command } = system;
  checkNames(system);
  const files = golden?.map((file) => `\`${isSystem(file) ? file : file.replace(".json", "")}\``);
  const cells = [
    name,
    where,
    `\`${callOf(system)}\``,
    published(system),
    countTrained(system).toLocaleString("en-US"),
    files?.join(", ") ?? "float64 differences",
    `\`${test}\``,
    describe(outcomes[callOf(system)]),
    `\`${command}\``,
  ];
  return `| ${cells.join(" | ")} |`;
}

const FOOT = `
Where a count is not what is published: the paper's table 3 of ALL-CNN has 1.3M for its base network C, which no
reading of its layers gives; the teacher of the FitNets has "about 9M" in its paper, whose file is not public, and the
definition that it says it follows counts 16,247,830; FitNet-MNIST as the paper's table 1 lists it counts 21,426 where
table 2 has 30K; FitResNet-4 and MIN's net for MNIST have no public definition and
are reconstructed. Layer-wise pre-training (Bengio et al. 2007), knowledge distillation, batch norm and the
initializations of Glorot, He and Saxe are named in the paper as methods, not nets: \`deno task ablate:pretrain\`,
\`deno task repro:table2\` (its hints), \`deno task ablate:norm\`, \`deno task repro:table3\`.
`;

/** The document. */
export const renderSystems = (systems: readonly System[], outcomes: Outcomes): string =>
  HEAD + systems.map((system) => row(system, outcomes)).join("\n") + "\n" + FOOT;
