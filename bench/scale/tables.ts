/**
 * Results as tables, for the terminal and for `docs/scale.md`.
 *
 * @module
 */
import { digits } from "../table.ts";
import { mostProcesses } from "./efficiency.ts";
import { efficiencyOn } from "./measure.ts";
import { allReduceSeconds, type MeasuredSum, type Network, NETWORKS } from "./network.ts";
import type { HostsResult, NetResult, ScaleResult } from "./result.ts";

/** A table: what it shows, its head, and its rows. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The numbers of processes that are computed. */
export const COUNTS = [2, 4, 8, 16, 32, 64] as const;

/** The efficiency below which more processes are a waste. */
const LEAST = 0.8;

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const ms = (seconds: number): string => digits(1000 * seconds);

const sizeOf = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 2 ** 20
    ? `${digits(bytes / 1024)} KiB`
    : `${digits(bytes / 2 ** 20)} MiB`;

const sizesOf = (all: readonly { readonly sums: readonly MeasuredSum[] }[]): string[] =>
  all[0]?.sums.map(([bytes]) => sizeOf(bytes)) ?? [];

/** Sums over processes of this machine. */
export const sumsTable = ({ sums }: ScaleResult): Table => ({
  title: "Sums over processes of one machine, ms",
  head: ["processes", ...sizesOf(sums)],
  rows: sums.map(({ processes, sums }) => [
    `${processes}`,
    ...sums.map(([, seconds]) => ms(seconds)),
  ]),
});

/** Two processes beside one, and beside what the machine can do. */
export const pairTable = ({ nets }: ScaleResult): Table => ({
  title: "Two processes of one thread on one machine, ms a step",
  head: [
    "net and batch",
    "one thread",
    "two threads",
    "two alone, half a batch each",
    "two together",
    "waiting",
    "sum",
    "of one thread's",
    "of two threads'",
    "of two alone",
  ],
  rows: nets.flatMap(({ name, alone: { one, twoThreads, pair }, rows }) =>
    rows.filter(({ processes }) => processes === 2).map(({ step, wait, sum }) => [
      name,
      ...[one, twoThreads, pair, step, wait, sum].map(ms),
      ...[one / 2, twoThreads, pair].map((time) => percent(time / step)),
    ])
  ),
});

/** More processes than processors, beside the model. */
export const measuredTable = ({ nets }: ScaleResult): Table => ({
  title: "One batch for all processes, on the processors of this machine",
  head: ["net and batch", "processes", "ms a step", "waiting", "sum", "efficiency", "model's"],
  rows: nets.flatMap(({ name, rows }) =>
    rows.map(({ processes, step, wait, sum, efficiency, predicted }) => [
      name,
      `${processes}`,
      ...[step, wait, sum].map(ms),
      percent(efficiency),
      percent(predicted),
    ])
  ),
});

/** Two hosts with a link, beside the model. */
export function hostTables({ network, sums, rows }: HostsResult): readonly Table[] {
  return [{
    title: `Sums over two hosts on ${network.name}, ms`,
    head: ["", ...sizesOf([{ sums }])],
    rows: [
      ["measured", ...sums.map(([, seconds]) => ms(seconds))],
      ["model", ...sums.map(([bytes]) => ms(allReduceSeconds(bytes, 2, network)))],
    ],
  }, {
    title: `Two hosts on ${network.name}, a process of one thread each`,
    head: [
      "net and batch",
      "overlap",
      "ms a step",
      "waiting",
      "sums, after the backward pass",
      "times as long as alone",
      "model's",
    ],
    rows: rows.map(({ name, overlap, step, wait, sum, slowdown, predicted }) => [
      name,
      overlap ? "yes" : "no",
      ...[step, wait, sum].map(ms),
      digits(slowdown),
      digits(predicted),
    ]),
  }];
}

/** What is computed of networks: one batch for all, or a batch for each. */
type Kind = "strong" | "weak";

const KINDS: Readonly<Record<Kind, string>> = {
  strong: "One batch for all processes",
  weak: "A batch for each process",
};

const cellsOf = (net: NetResult, network: Network, kind: Kind): string[] =>
  COUNTS.map((n) =>
    kind === "strong" && n > net.batch ? "" : percent(efficiencyOn(net, n, network)[kind])
  );

/** The most processes at which a net is efficient, in words. */
export function stopsAt({ model, batch }: NetResult, network: Network, kind: Kind): string {
  const most = mostProcesses(model, batch, {
    network,
    overlap: !network.isInside,
    least: LEAST,
    kind,
  });
  return most === COUNTS.at(-1) ? `${most} and more` : `${most}`;
}

/** The efficiency that follows on other networks. */
export const networkTable = ({ nets }: ScaleResult, kind: Kind): Table => ({
  title: `${KINDS[kind]}: efficiency by number of processes`,
  head: ["net and batch", "network", ...COUNTS.map(String), "80 % up to"],
  rows: nets.flatMap((net) =>
    NETWORKS.map((network) => [
      net.name,
      network.name,
      ...cellsOf(net, network, kind),
      stopsAt(net, network, kind),
    ])
  ),
});

/** All tables of a result. */
export const allTables = (result: ScaleResult): readonly Table[] => [
  pairTable(result),
  sumsTable(result),
  measuredTable(result),
  ...(result.hosts ? hostTables(result.hosts) : []),
  networkTable(result, "strong"),
  networkTable(result, "weak"),
];
