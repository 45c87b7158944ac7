/**
 * A profile compared with the peak rates of the device: as a table for the terminal, and as rows of a file.
 *
 * @module
 */
import type { ProfileRow } from "./tables.ts";
import type { Peak, Profile } from "../../src/runtime/mod.ts";

/** The name of the last row. */
const OUTSIDE = "outside kernels";

/** The rows of a profile, the slowest kernel first. */
export function profileRows({ kernels, ms, outside }: Profile, most: Peak): ProfileRow[] {
  const all = Math.max(ms, kernels.reduce((sum, kernel) => sum + kernel.ms, 0));
  return [
    ...kernels.map((kernel) => ({
      ...kernel,
      share: all > 0 ? kernel.ms / all : 0,
      ofPeak: kernel.gflops / most.gflops,
      ofBandwidth: kernel.gbps / most.gbps,
    })),
    { kernel: OUTSIDE, ms: outside * ms, share: outside },
  ];
}

/** Kernels with a smaller share of the time are merged into one line. */
const LEAST_SHARE = 0.005;
/** The most characters of a kernel's name. */
const NAME = 44;

const HEADER = [
  "kernel",
  "shape",
  "calls",
  "ms/call",
  "time",
  "GFLOP/s",
  "of peak",
  "GB/s",
  "of copy",
];

/** A kernel's name, with only the first of the ops fused into it. */
function short(kernel: string): string {
  const name = kernel.replace(/^\[(\S+) .*?\]/, "[$1 …]");
  return name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name;
}

const digits = (value: number): string =>
  value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
const percent = (share: number, decimals = 0): string => `${(100 * share).toFixed(decimals)} %`;

/** Merges rows into one. */
function mergeRows(rows: readonly ProfileRow[]): ProfileRow {
  const sum = (of: (row: ProfileRow) => number | undefined) =>
    rows.reduce((total, row) => total + (of(row) ?? 0), 0);
  return {
    kernel: `${rows.length} more, each under ${percent(LEAST_SHARE, 1)}`,
    calls: sum(({ calls }) => calls),
    ms: sum(({ ms }) => ms),
    share: sum(({ share }) => share),
  };
}

function formatCells(row: ProfileRow): string[] {
  const { kernel, shape = "", calls = 0, ms, share, gflops, ofPeak, gbps, ofBandwidth } = row;
  const rate = (value?: number, of?: number) =>
    value && of !== undefined ? [digits(value), percent(of)] : ["", ""];
  return [
    short(kernel),
    shape,
    String(calls),
    (calls > 0 ? ms / calls : 0).toFixed(3),
    percent(share, 1),
    ...rate(gflops, ofPeak),
    ...rate(gbps, ofBandwidth),
  ];
}

/** A profile as a table of kernels below a line with the device's peak; its last line is the time outside kernels. */
export function profileTable(profile: Profile, most: Peak): string {
  const kernels = profileRows(profile, most), outside = kernels.pop()!;
  const large = kernels.filter(({ share }) => share >= LEAST_SHARE);
  const small = kernels.filter(({ share }) => share < LEAST_SHARE);
  const cells = [...large, ...(small.length > 0 ? [mergeRows(small)] : [])].map(formatCells);
  const widths = HEADER.map((name, c) => Math.max(name.length, ...cells.map((r) => r[c]!.length)));
  const line = (texts: readonly string[]) =>
    texts.map((text, c) => c < 2 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!))
      .join("  ").trimEnd();
  return [
    `${profile.ms.toFixed(1)} ms; measured peak: ${
      digits(most.gflops)
    } GFLOP/s in multiply-adds and ` +
    `${digits(most.gbps)} GB/s in copying`,
    ...[HEADER, ...cells].map(line),
    `${OUTSIDE}: ${percent(outside.share, 1)}`,
  ].join("\n");
}
