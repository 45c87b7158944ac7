/**
 * A run's part of the live page, as news make it.
 *
 * @module
 */
import type { ReportRow } from "../../src/init/mod.ts";
import type { Progress } from "../../src/train/mod.ts";
import type { Change, Path } from "./changes.ts";
import type { RunNews } from "./events.ts";
import { Shown } from "./series.ts";
import type { Look, Point, RunFacts, RunView, Scaled } from "./view.ts";
import type { EpochRow, LayerRow } from "../run/tables.ts";

/** The most points, epochs and looks at layers of a run; and its points once another has begun. */
const LIMITS = { points: 1200, rows: 600, looks: 12, past: 150 } as const;

/** Numbers of five digits, which is all that a page can show. */
const short = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(5));

const shortRow = (row: EpochRow): EpochRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, short(value)])) as {
    [K in keyof EpochRow]: number;
  };

const later = <T>(_: T, b: T): T => b;

/** Two neighbouring points as one, each counting by its steps. */
function mean(a: Point, b: Point): Point {
  const steps = a[1] + b[1], of = (i: 2 | 3 | 4) => (a[1] * a[i] + b[1] * b[i]) / steps;
  return [b[0], steps, short(of(2)), short(of(3)), short(of(4))];
}

const scaledOf = (rows: readonly ReportRow[]): Scaled[] =>
  [...Map.groupBy(rows, ({ name }) => name)].map(([name, pieces]) => ({
    name,
    before: pieces.map(({ before }) => short(before)),
    after: pieces.map(({ after }) => short(after)),
  }));

const looksOf = (rows: readonly LayerRow[]): Look[] =>
  [...Map.groupBy(rows, ({ phase }) => phase)].map(([phase, layers]) => ({
    phase,
    names: layers.map(({ name }) => name),
    activation: layers.map(({ activationVariance }) => short(activationVariance)),
    gradient: layers.map(({ gradientVariance }) => short(gradientVariance)),
  }));

/** How far an epoch is: sums from its first step on, and seconds from the first that was timed. */
interface Sums {
  readonly step: number;
  readonly loss: number;
  readonly right: number;
  readonly seconds: number;
}

/** A run that is being told of; each piece of news becomes changes of the view. */
export class Running {
  readonly #at: Path;
  readonly #facts: RunFacts;
  readonly #points: Shown<Point>;
  #rows: Shown<EpochRow>;
  #starts: readonly Look[] = [];
  #looks: Shown<Look>;
  #timedFrom = 0;
  /** Steps from one piece of news to the next. */
  #window = 0;
  #sums: Sums = { step: 0, loss: 0, right: 0, seconds: 0 };

  /** A run under a key. */
  constructor(key: string, facts: RunFacts) {
    this.#at = ["runs", key];
    this.#facts = facts;
    this.#points = new Shown(this.#in("points"), LIMITS.points, mean);
    this.#rows = this.#noRows();
    this.#looks = new Shown(this.#in("looks"), LIMITS.looks, later);
  }

  #in(name: keyof RunView): Path {
    return [...this.#at, name];
  }

  #noRows(): Shown<EpochRow> {
    return new Shown(this.#in("rows"), LIMITS.rows, later);
  }

  /** The run as it begins. */
  begin(): readonly Change[] {
    const empty = { points: [], rows: [], scaled: [], starts: [], looks: [] };
    return [[this.#at, { ...this.#facts, status: "running", fault: null, now: null, ...empty }]];
  }

  /** The mean over the steps since the last point: what is told are means since the epoch began. */
  #point({ step, trainLoss, trainAccuracy, imagesPerSecond }: Progress): Change[] {
    const { stepsPerEpoch, batch } = this.#facts, epoch = Math.ceil(step / stepsPerEpoch) - 1;
    const first = epoch * stepsPerEpoch, from = this.#sums.step;
    const before = from > first ? this.#sums : { step: first, loss: 0, right: 0, seconds: 0 };
    if (imagesPerSecond === 0) this.#timedFrom = step;
    const timed = (step - Math.max(first, this.#timedFrom)) * batch;
    const done = step - first, steps = step - before.step;
    const seconds = timed > 0 ? timed / imagesPerSecond : 0;
    this.#sums = { step, loss: trainLoss * done, right: trainAccuracy * done, seconds };
    if (steps <= 0) return [];
    const took = seconds - before.seconds, images = Math.min(timed, steps * batch);
    const point: Point = [
      step,
      steps,
      short((this.#sums.loss - before.loss) / steps),
      short((this.#sums.right - before.right) / steps),
      took > 0 ? short(images / took) : this.#points.points.at(-1)?.[4] ?? NaN,
    ];
    // What is left at an epoch's end is too short to stand by itself.
    const brief = before.step > first && 2 * steps < this.#window;
    this.#window = steps;
    return [brief ? this.#points.join(point) : this.#points.add(point)];
  }

  #now(step: number, imagesPerSecond: number, left: number): Change {
    const known = Number.isFinite(left) ? left : null;
    return [this.#in("now"), { step, at: Date.now(), imagesPerSecond, left: known }];
  }

  #progress(at: Progress, left: number): readonly Change[] {
    return [...this.#point(at), this.#now(at.step, at.imagesPerSecond, left)];
  }

  #epoch(row: EpochRow, left: number): readonly Change[] {
    const { step, epoch, imagesPerSecond } = row, { epochs, stepsPerEpoch } = this.#facts;
    const at = { ...row, epoch: epoch - 1, steps: epochs * stepsPerEpoch };
    return [
      ...this.#point(at),
      this.#rows.add(shortRow(row)),
      this.#now(step, imagesPerSecond, left),
    ];
  }

  #epochs(rows: readonly EpochRow[]): readonly Change[] {
    this.#rows = this.#noRows();
    for (const row of rows) this.#rows.add(shortRow(row));
    const step = rows.at(-1)?.step ?? 0;
    this.#timedFrom = step;
    return [this.#rows.whole, this.#now(step, rows.at(-1)?.imagesPerSecond ?? 0, NaN)];
  }

  #layers(rows: readonly LayerRow[]): readonly Change[] {
    return looksOf(rows).map((look) => {
      if (look.phase.startsWith("epoch")) return this.#looks.add(look);
      this.#starts = [...this.#starts.filter(({ phase }) => phase !== look.phase), look];
      return [this.#in("starts"), this.#starts];
    });
  }

  /** What a piece of news changes. */
  tell(news: Exclude<RunNews, { readonly kind: "begin" }>): readonly Change[] {
    switch (news.kind) {
      case "progress":
        return this.#progress(news.at, news.left);
      case "epoch":
        return this.#epoch(news.row, news.left);
      case "epochs":
        return this.#epochs(news.rows);
      case "lsuv":
        return [[this.#in("scaled"), scaledOf(news.rows)]];
      case "layers":
        return this.#layers(news.rows);
      case "status":
        return [[this.#in("status"), news.status], [this.#in("fault"), news.fault ?? null]];
    }
  }

  /** Fewer points, once it has ended and another run begins. */
  past(): Change {
    const few = new Shown<Point>(this.#in("points"), LIMITS.past, mean);
    for (const point of this.#points.points) few.add(point);
    return few.whole;
  }
}
