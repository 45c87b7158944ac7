/**
 * The metadata of a checkpoint: where training was, and what it trained. Their texts are checked as those of
 * any file, since a file may be whole and yet not what this version writes.
 *
 * @module
 */
import type { EpochRecord } from "../events.ts";
import { SafetensorsError } from "../safetensors/safetensors_error.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Numbers that JSON cannot represent. */
const INFINITE = ["NaN", "Infinity", "-Infinity"];

/** A value as JSON, in which numbers that are not finite are texts. */
export const toText = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, each) => typeof each === "number" && !Number.isFinite(each) ? String(each) : each,
  );

type Metadata = Readonly<Record<string, string>>;

/** The most letters of a text that are shown. */
const SHOWN = 40;

function fail(name: string, expected: string, found: unknown): never {
  const text = JSON.stringify(found) ?? "nothing";
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  throw new SafetensorsError(`checkpoint: ${name}: expected ${expected}, found ${shown}`);
}

function numberFrom(
  name: string,
  text: string | undefined,
  expected: string,
  fits: (value: number) => boolean,
): number {
  const value = text?.trim() ? Number(text) : NaN;
  return fits(value) ? value : fail(name, expected, text);
}

const seconds = (name: string, text: string | undefined): number =>
  numberFrom(name, text, "seconds", (value) => value >= 0 && value < Infinity);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of a text in JSON. */
function parse(name: string, text = ""): unknown {
  try {
    return JSON.parse(text, (_, each) => INFINITE.includes(each) ? Number(each) : each);
  } catch {
    return fail(name, "JSON", text);
  }
}

/** The numbers that each epoch has. */
const NUMBERS = [
  "step",
  "steps",
  "epoch",
  "trainLoss",
  "trainAccuracy",
  "imagesPerSecond",
  "seconds",
] as const satisfies readonly (keyof EpochRecord)[];

/** Checks the measures of an evaluation: numbers, and metrics that are numbers. */
function checkTest(name: string, test: unknown): void {
  if (!isObject(test)) fail(name, "an object", test);
  for (const [each, value] of Object.entries(test)) {
    if (isObject(value)) checkTest(`${name}.${each}`, value);
    else if (typeof value !== "number") fail(`${name}.${each}`, "a number", value);
  }
}

function checkEpoch(epoch: unknown, i: number): void {
  const name = `epochs[${i}]`;
  if (!isObject(epoch)) fail(name, "an object", epoch);
  for (const each of NUMBERS) {
    if (typeof epoch[each] !== "number") fail(`${name}.${each}`, "a number", epoch[each]);
  }
  if (epoch.test !== undefined) checkTest(`${name}.test`, epoch.test);
}

function parseEpochs(text: string | undefined): readonly EpochRecord[] {
  const epochs = parse("epochs", text);
  if (!Array.isArray(epochs)) return fail("epochs", "a list", epochs);
  epochs.forEach(checkEpoch);
  return epochs;
}

function parseTrains(text: string | undefined): Fingerprint {
  const trains = parse("trains", text);
  if (!isObject(trains)) return fail("trains", "an object", trains);
  for (const [name, value] of Object.entries(trains)) {
    const texts = Array.isArray(value) ? value : [value];
    if (texts.every((each) => typeof each === "string")) continue;
    fail(`trains.${name}`, "a text or a list of texts", value);
  }
  return trains as Fingerprint;
}

/** What a checkpoint's metadata say. Throws a SafetensorsError that names the field which is wrong. */
export function parseMetadata({ step, elapsed, device = "", ...texts }: Metadata) {
  const isStep = (value: number) => Number.isSafeInteger(value) && value >= 0;
  return {
    step: numberFrom("step", step, "an integer of at least 0", isStep),
    seconds: seconds("seconds", texts.seconds),
    // Older files have none.
    elapsed: seconds("elapsed", elapsed ?? texts.seconds),
    epochs: parseEpochs(texts.epochs),
    trains: parseTrains(texts.trains),
    device,
  };
}
