/**
 * Damage to files of JSON and of comma-separated values: each field removed, null, of another type, negative,
 * huge or nested; each file cut off at many places, empty, of other text.
 *
 * @module
 */
import { sha256 } from "../../../src/data/fingerprint.ts";
import { decodeSafetensors, encodeSafetensors } from "../../../src/train/mod.ts";

/** A file's content after some damage, and what that was. */
export interface Damaged {
  readonly what: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

const bytes = (text: string) => new TextEncoder().encode(text);

type Path = readonly (string | number)[];

const isContainer = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === "object" && value !== null;

/** The paths of all fields of a value, however deep. */
function* pathsOf(value: unknown, path: Path = []): Generator<Path, void> {
  if (!isContainer(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(name) : name];
    yield at;
    yield* pathsOf(inner, at);
  }
}

/** What takes the place of a field; undefined removes it. */
const REPLACEMENTS: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  0,
  1.5,
  1e300,
  "",
  "Infinity",
  "a\nb\u001b[31m",
  [],
  {},
  [[null]],
  { a: { b: [1] } },
];

/** A copy of a value in which a field is replaced. */
function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value)) {
    return by === undefined && rest.length === 0
      ? value.filter((_, i) => i !== name)
      : value.map((each, i) => i === name ? replaced(each, rest, by) : each);
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return { ...fields, [name]: replaced(fields[name], rest, by) };
}

/** Texts that are not the JSON of a file. */
const OTHERS = ["", " ", "null", "[]", "1", '"text"', "{}", "{", "\ufeff{}", "# no JSON\n", "[[[["];

/** A text cut off at some places. */
function* cuts(text: string, places: number): Generator<Damaged, void> {
  for (let i = 0; i < places; i++) {
    const length = Math.floor(i / places * text.length);
    yield { what: `cut off after ${length} letters`, content: bytes(text.slice(0, length)) };
  }
}

/** All damage to a file of JSON. */
export function* damageJson(text: string, places = 40): Generator<Damaged, void> {
  const value: unknown = JSON.parse(text);
  for (const other of OTHERS) {
    yield { what: `instead ${JSON.stringify(other)}`, content: bytes(other) };
  }
  yield { what: "bytes that are no text", content: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d) };
  yield* cuts(text, places);
  for (const path of pathsOf(value)) {
    for (const by of REPLACEMENTS) {
      const what = `${path.join(".")} = ${JSON.stringify(by) ?? "nothing"}`;
      yield { what, content: bytes(JSON.stringify(replaced(value, path, by))) };
    }
  }
}

/** What takes the place of a cell of a table. */
const CELLS = ["", "-1", "1e300", "NaN", "x", '"', "1,2", "0x10", "true", "a\u001b"];

/** All damage to a file of comma-separated values. */
export function* damageCsv(text: string, places = 20): Generator<Damaged, void> {
  yield { what: "empty", content: bytes("") };
  yield { what: "other bytes", content: Uint8Array.of(0xff, 0x00, 0x0a) };
  yield* cuts(text, places);
  const lines = text.split("\r\n");
  for (const row of [0, 1, lines.length - 2]) {
    const cells = lines[row]!.split(",");
    for (const column of cells.keys()) {
      for (const cell of CELLS) {
        const damaged = lines.with(row, cells.with(column, cell).join(","));
        yield {
          what: `row ${row}, column ${column} = ${JSON.stringify(cell)}`,
          content: bytes(damaged.join("\r\n")),
        };
      }
      const without = lines.with(row, cells.filter((_, i) => i !== column).join(","));
      yield { what: `row ${row} without column ${column}`, content: bytes(without.join("\r\n")) };
    }
  }
}

/** What takes the place of a text in the metadata of weights. */
const TEXTS = [
  "",
  " ",
  "0",
  "-1",
  "1e300",
  "9007199254740991",
  "null",
  "[1]",
  "{}",
  "a\u001b",
  "x".repeat(300),
];

type Metadata = Readonly<Record<string, string>>;

/** Metadata in which one text after another is removed or replaced. */
function* damageTexts(
  metadata: Metadata,
): Generator<readonly [what: string, texts: Metadata], void> {
  for (const [name, text] of Object.entries(metadata)) {
    const { [name]: _, ...others } = metadata;
    yield [`${name} = nothing`, others];
    for (const other of [...TEXTS, text.slice(0, text.length >> 1), `${text}${text}`]) {
      yield [`${name} = ${JSON.stringify(other)}`, { ...metadata, [name]: other }];
    }
  }
}

/**
 * Damage to a file of weights or to a checkpoint: its texts, its numbers, its end. A checkpoint gets the checksum
 * of what it then holds, since a wrong one alone is found at once.
 */
export async function* damageSafetensors(
  file: Uint8Array<ArrayBuffer>,
  places = 20,
): AsyncGenerator<Damaged, void> {
  const { tensors, metadata: { sha256: sum, ...metadata } } = decodeSafetensors(file);
  const encode = async (texts: Metadata) =>
    sum === undefined ? encodeSafetensors(tensors, texts) : encodeSafetensors(tensors, {
      ...texts,
      sha256: await sha256(encodeSafetensors(tensors, texts)),
    });
  for (let i = 0; i < places; i++) {
    const length = Math.floor(i / places * file.length);
    yield { what: `cut off after ${length} bytes`, content: file.slice(0, length) };
    const content = file.slice(), at = Math.floor((i + 0.5) / places * file.length);
    content.fill(0xff, at, at + 4);
    yield { what: `NaN at byte ${at}`, content };
  }
  for (const [what, texts] of damageTexts(metadata)) yield { what, content: await encode(texts) };
}
