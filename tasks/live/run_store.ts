/**
 * The state of a run on the live page, updated by its events.
 *
 * @module
 */
import type { Progress } from "../../src/train/mod.ts";
import type { EpochRow, LayerRow, LsuvRow } from "../run/tables.ts";
import type { Change, Path } from "./changes.ts";
import type { LiveRunEvent, RunTables } from "./events.ts";
import { short, shortRow } from "./rounding.ts";
import { Series } from "./series.ts";
import { StepMeans } from "./step_means.ts";
import {
  type LayerScaling,
  type LayerSnapshot,
  type RunFacts,
  type RunView,
  STEP_POINT,
  type StepPoint,
} from "./view.ts";

/** The most points, epochs and snapshots of a run; and its points once another has started. */
const LIMITS = { points: 1200, rows: 600, snapshots: 12, past: 150 } as const;

const later = <T>(_: T, b: T): T => b;

/** The mean of two neighboring points, weighted by their steps. */
function meanPoint(a: StepPoint, b: StepPoint): StepPoint {
  const { step, steps, loss, accuracy, imagesPerSecond } = STEP_POINT, sum = a[steps] + b[steps];
  const mean = (field: 2 | 3 | 4) => short((a[steps] * a[field] + b[steps] * b[field]) / sum);
  return [b[step], sum, mean(loss), mean(accuracy), mean(imagesPerSecond)];
}

/** The rows of LSUV's report by layer. */
const groupByLayer = (rows: readonly LsuvRow[]): LayerScaling[] =>
  [...Map.groupBy(rows, ({ name }) => name)].map(([name, pieces]) => ({
    name,
    before: pieces.map(({ before }) => short(before)),
    after: pieces.map(({ after }) => short(after)),
  }));

/** Rows of layers by phase. */
const groupByPhase = (rows: readonly LayerRow[]): LayerSnapshot[] =>
  [...Map.groupBy(rows, ({ phase }) => phase)].map(([phase, layers]) => ({
    phase,
    names: layers.map(({ name }) => name),
    activation: layers.map(({ activationVariance }) => short(activationVariance)),
    gradient: layers.map(({ gradientVariance }) => short(gradientVariance)),
  }));

/** Stores a run that has started; each event becomes changes of the view. */
export class RunStore {
  readonly #path: Path;
  readonly #facts: RunFacts;
  readonly #means: StepMeans;
  readonly #points: Series<StepPoint>;
  #rows: Series<EpochRow>;
  #initial: readonly LayerSnapshot[] = [];
  #snapshots: Series<LayerSnapshot>;

  /** A run with a key. */
  constructor(key: string, facts: RunFacts) {
    this.#path = ["runs", key];
    this.#facts = facts;
    this.#means = new StepMeans(facts);
    this.#points = new Series(this.#at("points"), LIMITS.points, meanPoint);
    this.#rows = this.#noRows();
    this.#snapshots = new Series(this.#at("snapshots"), LIMITS.snapshots, later);
  }

  /** The changes for the start of the run. */
  start(): readonly Change[] {
    const empty = { points: [], rows: [], scaling: [], initial: [], snapshots: [] };
    return [[this.#path, { ...this.#facts, status: "running", fault: null, now: null, ...empty }]];
  }

  /** The changes for an event. */
  apply(event: Exclude<LiveRunEvent, { readonly kind: "start" }>): readonly Change[] {
    switch (event.kind) {
      case "recorded":
        return this.#recorded(event.tables);
      case "initialization":
        return event.report ? this.#scaling(event.report) : [];
      case "layers":
        return this.#layers(event.rows);
      case "step":
        return this.#progress(event.progress, event.secondsLeft);
      case "epoch":
        return this.#epoch(event.row, event.secondsLeft);
      case "status":
        return [[this.#at("status"), event.status], [this.#at("fault"), event.fault ?? null]];
    }
  }

  /** Reduces the points, once the run has ended and another one starts. */
  reduce(): Change {
    const few = new Series<StepPoint>(this.#at("points"), LIMITS.past, meanPoint);
    for (const point of this.#points.points) few.add(point);
    return few.whole;
  }

  #at(name: keyof RunView): Path {
    return [...this.#path, name];
  }

  #noRows(): Series<EpochRow> {
    return new Series(this.#at("rows"), LIMITS.rows, later);
  }

  #recorded({ epochs, lsuv, layers }: RunTables): readonly Change[] {
    return [...this.#epochs(epochs), ...this.#scaling(lsuv), ...this.#layers(layers)];
  }

  #epochs(rows: readonly EpochRow[]): readonly Change[] {
    this.#rows = this.#noRows();
    for (const row of rows) this.#rows.add(shortRow(row));
    const { step, imagesPerSecond } = rows.at(-1) ?? { step: 0, imagesPerSecond: 0 };
    this.#means.resumeAfter(step);
    const { epochs, stepsPerEpoch, batch } = this.#facts;
    const left = (epochs * stepsPerEpoch - step) * batch / imagesPerSecond;
    return [this.#rows.whole, this.#now(step, imagesPerSecond, left)];
  }

  #scaling(rows: readonly LsuvRow[]): readonly Change[] {
    return [[this.#at("scaling"), groupByLayer(rows)]];
  }

  #layers(rows: readonly LayerRow[]): readonly Change[] {
    return groupByPhase(rows).map((snapshot) => {
      if (snapshot.phase.startsWith("epoch")) return this.#snapshots.add(snapshot);
      this.#initial = [...this.#initial.filter(({ phase }) => phase !== snapshot.phase), snapshot];
      return [this.#at("initial"), this.#initial];
    });
  }

  #progress(at: Progress, secondsLeft: number | undefined): readonly Change[] {
    return [...this.#point(at), this.#now(at.step, at.imagesPerSecond, secondsLeft)];
  }

  #epoch(row: EpochRow, secondsLeft: number | undefined): readonly Change[] {
    const { epochs, stepsPerEpoch } = this.#facts;
    const at = { ...row, epoch: row.epoch - 1, steps: epochs * stepsPerEpoch };
    return [
      ...this.#point(at),
      this.#rows.add(shortRow(row)),
      this.#now(row.step, row.imagesPerSecond, secondsLeft),
    ];
  }

  #point(at: Progress): readonly Change[] {
    const next = this.#means.next(at, this.#points.points.at(-1)?.[STEP_POINT.imagesPerSecond]);
    if (!next) return [];
    return [next.brief ? this.#points.mergeLast(next.point) : this.#points.add(next.point)];
  }

  #now(step: number, imagesPerSecond: number, secondsLeft: number | undefined): Change {
    const left = Number.isFinite(secondsLeft) ? secondsLeft : null;
    return [this.#at("now"), { step, at: Date.now(), imagesPerSecond, left }];
  }
}
