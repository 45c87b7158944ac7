/**
 * TensorBoard's events, as messages of Protocol Buffers: tensorflow/core/util/event.proto, its summary.proto,
 * and tensorboard/plugins/hparams/plugin_data.proto, as far as scalars and settings need them.
 *
 * @module
 */
import { encode, type Message } from "../export/protobuf.ts";

const TENSOR = {
  dtype: [1, "int"],
  shape: [2, { dim: [2, { size: [1, "int"] }] }],
} as const satisfies Message;

const METADATA = {
  plugin: [1, { name: [1, "text"], content: [2, "bytes"] }],
} as const satisfies Message;

const VALUE = {
  tag: [1, "text"],
  simple: [2, "float"],
  tensor: [8, TENSOR],
  metadata: [9, METADATA],
} as const satisfies Message;

const EVENT = {
  wallTime: [1, "double"],
  step: [2, "int"],
  version: [3, "text"],
  summary: [5, { value: [1, VALUE] }],
} as const satisfies Message;

/** A setting: google.protobuf.Value. */
const SETTING = {
  number: [2, "double"],
  text: [3, "text"],
  flag: [4, "int"],
} as const satisfies Message;

const HPARAMS = {
  start: [3, {
    settings: [1, { key: [1, "text"], value: [2, SETTING] }],
    startSeconds: [5, "double"],
  }],
  end: [4, { status: [1, "int"], endSeconds: [2, "double"] }],
} as const satisfies Message;

/** The first event of a file. `at` is in seconds since 1970, here as everywhere. */
export const versionEvent = (at: number): Uint8Array<ArrayBuffer> =>
  encode(EVENT, { wallTime: at, version: "brain.Event:2" });

/** Numbers of a step, by their tags; those that are not finite too. */
export const scalarsEvent = (
  at: number,
  step: number,
  scalars: Readonly<Record<string, number>>,
): Uint8Array<ArrayBuffer> =>
  encode(EVENT, {
    wallTime: at,
    step: step || undefined,
    summary: { value: Object.entries(scalars).map(([tag, simple]) => ({ tag, simple })) },
  });

/** An event of TensorBoard's page of settings and their results. */
const settingsEvent = (at: number, tag: string, content: Uint8Array) =>
  encode(EVENT, {
    wallTime: at,
    summary: {
      value: [{
        tag,
        // An empty list of float32, as TensorBoard writes it itself.
        tensor: { dtype: 1, shape: { dim: [{}] } },
        metadata: { plugin: { name: "hparams", content } },
      }],
    },
  });

const settingMessage = (value: unknown) =>
  typeof value === "number"
    ? { number: value }
    : typeof value === "boolean"
    ? { flag: Number(value) }
    : { text: Array.isArray(value) ? value.join() : String(value) };

/** The settings of a run. */
export function settingsStart(
  at: number,
  settings: Readonly<Record<string, unknown>>,
): Uint8Array<ArrayBuffer> {
  const known = Object.entries(settings).filter(([, value]) => value !== undefined);
  const all = known.map(([key, value]) => ({ key, value: settingMessage(value) }));
  const content = encode(HPARAMS, { start: { settings: all, startSeconds: at } });
  return settingsEvent(at, "_hparams_/session_start_info", content);
}

/** The end of a run: whether it ended in good order. */
export function settingsEnd(at: number, isGood: boolean): Uint8Array<ArrayBuffer> {
  const end = { status: isGood ? 1 : 2, endSeconds: at };
  return settingsEvent(at, "_hparams_/session_end_info", encode(HPARAMS, { end }));
}

/** The step of an encoded event, 0 where it has none: fields 1 (8 bytes), then 2 (a varint). */
export function stepOf(event: Uint8Array): number {
  const STEP = 8 * EVENT.step[0];
  if (event[9] !== STEP) return 0;
  let step = 0;
  for (let at = 10, factor = 1; at < event.length; at++, factor *= 128) {
    step += event[at]! % 128 * factor;
    if (event[at]! < 128) break;
  }
  return step;
}
