/**
 * The schema of a run's manifest.
 *
 * @module
 */
import type { Origin } from "../datasets/origin.ts";
import type { FiledName } from "../datasets/registry.ts";
import {
  anything,
  choice,
  flag,
  integer,
  list,
  measured,
  object,
  optional,
  pattern,
  record,
  type Schema,
  text,
  variant,
} from "../schema/schema.ts";
import type {
  DataFacts,
  InitCost,
  Manifest,
  MemoryFacts,
  ProcessFacts,
  RunResults,
  SessionRecord,
  Status,
} from "./manifest.ts";
import { SETTINGS } from "./settings_schema.ts";
import type { EpochRow } from "./tables.ts";

const count = integer({ from: 0 });

/** The state of a run. */
const STATUS = pattern<Status>(
  /^(running|finished|stopped|failed|diverged at step \d+)$/,
  "running, finished, stopped, failed or diverged at step N",
);

const folder = object<Extract<Origin, { readonly path: string }>>({
  kind: choice("folder", "cache", "download"),
  path: text,
});

const ORIGIN: Schema<Origin> = variant<Origin>("kind", {
  folder,
  cache: folder,
  download: folder,
  procedural: object<Extract<Origin, { readonly kind: "procedural" }>>({
    kind: choice("procedural"),
    seed: integer(),
    plain: optional(flag),
    instead: optional(object({ of: text as Schema<FiledName>, because: text })),
  }),
});

const DATA = object<DataFacts>({ name: text, count, sha256: text });

const EPOCH = object<EpochRow>({
  epoch: count,
  step: count,
  trainLoss: measured,
  trainAccuracy: measured,
  testLoss: measured,
  testAccuracy: measured,
  seconds: measured,
  imagesPerSecond: measured,
  testLabelAccuracy: optional(measured),
  testF1: optional(measured),
  testMeanAbsoluteError: optional(measured),
  testRSquared: optional(measured),
  skippedSteps: optional(count),
  rateFactor: optional(measured),
});

const INIT_COST = object<InitCost>({ initSeconds: measured, forwardPasses: optional(count) });

const MEMORY = object<MemoryFacts>({
  total: count,
  device: count,
  activations: count,
  state: count,
  dataset: count,
  available: optional(count),
});

const RESULTS = object<RunResults>({
  parameters: count,
  steps: count,
  seconds: measured,
  lastEpoch: optional(EPOCH),
  bestEpoch: optional(EPOCH),
  checkpoints: optional(object({ count, seconds: measured })),
  fault: optional(text),
  keptStep: optional(count),
});

const SESSION = {
  program: object<SessionRecord["program"]>({
    name: text,
    version: text,
    commit: optional(text),
  }),
  deno: text,
  system: text,
  command: text,
  folder: text,
  started: text,
  device: object<SessionRecord["device"]>({ name: text, description: text }),
  processes: optional(object<ProcessFacts>({ count, hosts: list(text), library: text })),
} as const;

/** The manifest of a run. */
export const MANIFEST: Schema<Manifest> = object<Manifest>({
  ...SESSION,
  status: STATUS,
  data: object<Manifest["data"]>({ origin: ORIGIN, train: DATA, test: DATA }),
  seed: integer({ from: 0 }),
  settings: SETTINGS,
  model: record(text),
  initialisation: optional(INIT_COST),
  memory: optional(MEMORY),
  ended: optional(text),
  results: optional(RESULTS),
  profile: optional(record(anything)),
  fault: optional(text),
  resumed: optional(list(object({ ...SESSION, step: count, epochs: count }))),
});
