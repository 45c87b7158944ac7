/**
 * Writing TensorBoard's events, as an observer that a training task attaches.
 *
 * @module
 */
import { TaskError } from "../cli/task_error.ts";
import type { Attach, Attached } from "../run/attach.ts";
import type { LossEvent, StartEvent } from "../run/events.ts";
import { type EpochRow, type LayerRow, type StepRow, stepRow } from "../run/tables.ts";
import { rateAt } from "../training/build_optimizer.ts";
import { scalarsEvent, settingsEnd, settingsStart } from "./event.ts";
import { EventFile, findEventFile } from "./event_file.ts";

/** The scalars of an epoch, by tag. */
const epochScalars = (row: EpochRow, learningRate: number): Readonly<Record<string, number>> => ({
  "loss/train": row.trainLoss,
  "accuracy/train": row.trainAccuracy,
  ...(Number.isNaN(row.testLoss) ? {} : {
    "loss/test": row.testLoss,
    "accuracy/test": row.testAccuracy,
  }),
  "learning rate": learningRate,
  "images per second": row.imagesPerSecond,
});

/** The variances of layers at one moment, by tag. */
const layerScalars = (rows: readonly LayerRow[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    rows.flatMap(({ layer, name, activationVariance, gradientVariance }) => [
      [`variance of activations/${layer} ${name}`.trim(), activationVariance],
      [`variance of gradients/${layer} ${name}`.trim(), gradientVariance],
    ]),
  );

const now = () => Date.now() / 1000;

/** Writes the events of one run. */
class EventWriter {
  readonly #file: EventFile;
  readonly #start: StartEvent;
  #lastStep: StepRow | undefined;

  private constructor(file: EventFile, start: StartEvent) {
    this.#file = file;
    this.#start = start;
  }

  /** Opens the file of a run: a new one, or that of the run that is resumed. */
  static async open(start: StartEvent): Promise<EventWriter> {
    const { folder, settings, resumed } = start, path = await findEventFile(folder);
    const step = resumed?.from?.step ?? 0;
    if (path) return new EventWriter(await EventFile.resume(path, step), start);
    const writer = new EventWriter(await EventFile.create(folder, now()), start);
    writer.#file.append(settingsStart(now(), { ...settings }));
    for (const row of resumed?.from?.epochs ?? []) writer.epoch(row);
    return writer;
  }

  epoch(row: EpochRow): void {
    const { settings, stepsPerEpoch } = this.#start;
    const rate = rateAt(settings, stepsPerEpoch, row.step - 1);
    this.#file.append(scalarsEvent(now(), row.step, epochScalars(row, rate)));
  }

  layers(rows: readonly LayerRow[]): void {
    const step = rows[0]?.step ?? 0;
    this.#file.append(scalarsEvent(now(), step, layerScalars(rows)));
  }

  loss({ step, epoch, epochLoss }: LossEvent): void {
    const { stepsPerEpoch } = this.#start;
    this.#lastStep = stepRow({ step, epoch, epochLoss }, this.#lastStep, stepsPerEpoch);
    this.#file.append(scalarsEvent(now(), step, { "loss/step": this.#lastStep.loss }));
  }

  end(isGood: boolean): void {
    using file = this.#file;
    file.append(settingsEnd(now(), isGood));
  }

  /** Ends after a failure, which is what is reported, rather than that nothing can be written any more. */
  fail(): void {
    try {
      this.end(false);
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
    }
  }
}

/** Observes runs, and writes the events of each to its folder. */
function writeEvents(): Attached {
  let writer: EventWriter | undefined;
  return {
    observe: async (event) => {
      if (event.kind === "start") writer = await EventWriter.open(event);
      else if (event.kind === "epoch") writer?.epoch(event.row);
      else if (event.kind === "layers") writer?.layers(event.rows);
      else if (event.kind === "loss") writer?.loss(event);
      else if (event.kind === "end" || event.kind === "failure") {
        const ending = writer;
        writer = undefined;
        if (event.kind === "end") ending?.end(event.results.fault === undefined);
        else ending?.fail();
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Writes TensorBoard's events where the options ask for them. */
export const attachTensorBoard: Attach<{ readonly tensorboard: boolean }> = ({ tensorboard }) =>
  Promise.resolve(tensorboard ? writeEvents() : undefined);
