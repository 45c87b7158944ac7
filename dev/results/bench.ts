/**
 * Marks of speed, from the files of bench/results.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import { fixed, NONE } from "../../tasks/cli/format.ts";
import { linearAxis } from "../../tasks/plots/axis.ts";
import { drawDotPlot } from "../../tasks/plots/dot_plot.ts";
import { plainTable } from "../../tasks/report/document.ts";
import { blockMarkdown } from "../../tasks/report/markdown.ts";
import { list, measured, object, optional, record, text } from "../../tasks/schema/schema.ts";
import { readBench } from "./bench_file.ts";
import type { Directive } from "./fill.ts";
import type { Picture } from "./pictures.ts";
import { pictureMarkdown } from "./pictures.ts";
import { REPORTS } from "./records.ts";

/** A program on a task. */
interface Speed {
  readonly task: string;
  readonly program: string;
  /** Absent where it failed. */
  readonly imagesPerSecond?: number | undefined;
}

/** A file of `deno task bench:peers`. */
interface Peers {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly command: string;
  readonly deno: string;
  readonly summary: readonly Speed[];
}

const PEERS = object<Peers>({
  date: text,
  commit: text,
  machine: text,
  command: text,
  deno: text,
  summary: list(
    object<Speed>({ task: text, program: text, imagesPerSecond: optional(measured) }),
  ),
});

/** A file of `deno task bench --only lsuv`. */
interface Costs {
  readonly rows: readonly { readonly name: string; readonly forwardPasses?: number | undefined }[];
}

const COSTS = object<Costs>({
  rows: list(object<Costs["rows"][number]>({ name: text, forwardPasses: optional(measured) })),
});

const SUMMARY = object({
  summary: object({
    rows: measured,
    geometricMean: measured,
    kinds: record(measured),
  }),
});

/** Images per second with four digits. */
const speedText = (value: number): string => String(Number(value.toPrecision(value < 100 ? 3 : 4)));

/** The names of nets in tasks, and what stands before the batch. */
const NETS: Readonly<Record<string, string>> = {
  fitnet1: "FitNet-1",
  fitnet4: "FitNet-4",
  fitnetMnist: "FitNet-MNIST",
  fitResNet4: "FitResNet-4",
  nin: "NiN",
  ninMnist: "NiN, MNIST",
  allCnn: "ALL-CNN-C",
  largeAllCnn: "Large ALL-CNN at 126",
  dsn: "DSN",
  dsnMnist: "DSN, MNIST",
  minNet: "MIN",
  minNetMnist: "MIN, MNIST",
  maxout: "maxout, CIFAR",
  maxoutNet: "maxout, CIFAR",
  maxoutNetMnist: "maxout, MNIST",
  highway19: "Highway-19",
  highway10: "Highway-10, MNIST",
  highwayMlp: "Highway MLP",
  vgg: "VGG-like with batch norm",
  vggCifar: "VGG-like with batch norm",
  vggCifarPlain: "VGG-like without",
  resnet20: "ResNet-20",
  resnet56: "ResNet-56",
  caffenet: "CaffeNet at 227",
  googlenet: "GoogLeNet at 224",
  googlenetNorm: "GoogLeNet with batch norm",
  vgg16: "VGG-16 at 224",
  vgg19: "VGG-19 at 224",
  transformer: "transformer of four blocks",
  perceptron: "784-4096-4096-10",
};

/** A task such as `fitnet1-128` in words. */
function taskName(task: string): string {
  const [, net = task, batch] = /^(.*)-(\d+)$/.exec(task) ?? [];
  return `${NETS[net] ?? net}${batch ? `, ${batch}` : ""}`;
}

/** The images per second of a program on a task, its best configuration where it has several. */
function speedOf({ summary }: Peers, task: string, program: string): number | undefined {
  const found = summary.filter((each) =>
    each.task === task &&
    (each.program === program || each.program.startsWith(`${program},`))
  ).flatMap(({ imagesPerSecond }) => imagesPerSecond ?? []);
  return found.length > 0 ? Math.max(...found) : undefined;
}

const tasksOf = ({ summary }: Peers): readonly string[] => [
  ...new Set(summary.map(({ task }) => task)),
];

/** How many times as fast as another program. */
function ratioOf(peers: Peers, task: string, program: string, other: string): number | undefined {
  const ours = speedOf(peers, task, program), theirs = speedOf(peers, task, other);
  return ours && theirs ? ours / theirs : undefined;
}

/** A table of images per second, a line for each task that the last program has too; ours with the ratio to it. */
async function peersTable(file: string, programs: readonly string[]): Promise<string> {
  const peers = await readBench(file, PEERS), other = programs.at(-1)!;
  const shown = tasksOf(peers).filter((task) =>
    programs.every((each) => speedOf(peers, task, each))
  );
  const cell = (task: string, program: string) => {
    const speed = speedOf(peers, task, program), ratio = ratioOf(peers, task, program, other);
    if (speed === undefined) return NONE;
    return speedText(speed) +
      (ratio !== undefined && program !== other ? ` (${fixed(ratio, 2)})` : "");
  };
  const { date, commit, machine, deno, command } = peers;
  return blockMarkdown(plainTable(
    `Images per second of a training step, and in parentheses how many times those of ${other}; best of the rounds. ` +
      `${date}, commit ${
        commit.slice(0, 7)
      }, ${machine}, Deno ${deno}: bench/results/${file}.json.`,
    ["", ...programs],
    shown.map((task) => [taskName(task), ...programs.map((program) => cell(task, program))]),
    programs.map((_, i) => i + 1),
  )) + `\n\n\`\`\`sh\n${command.replace(/ --(out|python) \S+/g, "")}\n\`\`\``;
}

/** The ratios of a program to another over the tasks of a file, or some of them, as a dot plot. */
async function ratiosPicture(
  file: string,
  program: string,
  other: string,
  chosen: readonly string[],
): Promise<Picture> {
  const peers = await readBench(file, PEERS);
  const tasks = tasksOf(peers).filter((task) => chosen.length === 0 || chosen.includes(task));
  const rows = tasks.flatMap((task) => {
    const ratio = ratioOf(peers, task, program, other);
    return ratio
      ? [{ name: taskName(task), values: [ratio], summary: { count: 1, mean: ratio } }]
      : [];
  }).toSorted((a, b) => b.summary.mean - a.summary.mean);
  const { alt, svg } = drawDotPlot({
    name: "ratios",
    title: `A training step, times the speed of ${other.replace(/ cpu$/, "")}`,
    axis: linearAxis("times as fast", [0.9, ...rows.map(({ summary }) => summary.mean)]),
    rows,
    mark: 1,
  });
  const path = `${REPORTS}/speed/${file}.svg`;
  return { path, alt, source: svg, draw: () => Promise.resolve(svg) };
}

/** The forward passes that LSUV costs on two devices, nets by activations. */
async function costsTable(files: readonly string[]): Promise<string> {
  const all = await Promise.all(files.map((file) => readBench(file, COSTS)));
  const parts = (name: string) => /^(\S+) (\S+), batch \d+$/.exec(name)?.slice(1) ?? [];
  const known = all[0]!.rows.filter(({ forwardPasses }) => forwardPasses !== undefined);
  const nets = [...new Set(known.map(({ name }) => parts(name)[0]!))];
  const kinds = [...new Set(known.map(({ name }) => parts(name)[1]!))];
  const cell = (net: string, kind: string) =>
    all.map(({ rows }) => {
      const { forwardPasses } = rows.find(({ name }) => name.startsWith(`${net} ${kind},`)) ?? {};
      return forwardPasses === undefined ? NONE : fixed(forwardPasses, 2);
    }).join(" / ");
  return blockMarkdown(plainTable(
    `The cost of LSUV on one fixed batch of 32 in forward passes of the same net, on cpu / on webgpu in software: ` +
      files.map((file) => `bench/results/${file}.json`).join(", ") + ".",
    ["", ...kinds],
    nets.map((net) => [taskName(net), ...kinds.map((kind) => cell(net, kind))]),
    kinds.map((_, i) => i + 1),
  ));
}

/** The marks of speed. */
export const benchMarks = (
  add: (picture: Picture) => void,
): Readonly<Record<string, Directive>> => ({
  peers: (file = "", ...programs) => peersTable(file, programs),
  ratio: async (file = "", task = "", program = "", other = "") => {
    const ratio = ratioOf(await readBench(file, PEERS), task, program, other);
    if (ratio === undefined) throw new TaskError(`expected ${task} of both programs, found none`);
    return fixed(ratio, 2);
  },
  ratios: async (file = "", program = "", other = "", ...tasks) => {
    const picture = await ratiosPicture(file, program, other, tasks);
    add(picture);
    return pictureMarkdown(picture);
  },
  range: async (file = "", program = "", other = "") => {
    const peers = await readBench(file, PEERS);
    const all = tasksOf(peers).flatMap((task) => ratioOf(peers, task, program, other) ?? []);
    return `${fixed(Math.min(...all), 2)} to ${fixed(Math.max(...all), 2)}`;
  },
  costs: (...files) => costsTable(files),
  ops: async (file = "", kind) => {
    const { summary: { rows, geometricMean, kinds } } = await readBench(file, SUMMARY);
    if (kind === undefined) return fixed(geometricMean, 2);
    if (kind === "rows") return String(rows);
    const found = kinds[kind];
    if (found === undefined) {
      throw new TaskError(`expected one of ${Object.keys(kinds).join(", ")}, found ${kind}`);
    }
    return fixed(found, 2);
  },
});
