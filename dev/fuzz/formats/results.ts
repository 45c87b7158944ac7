/**
 * Files of results that tasks go on with or show: events of TensorBoard, confusion matrices, cells of a study,
 * measured scaling, owners of folders.
 *
 * @module
 */
import { readResult } from "../../../bench/scale/read_result.ts";
import { allTables } from "../../../bench/scale/tables.ts";
import scale from "../../../bench/results/2026-11-29-scale.json" with { type: "json" };
import { concatBytes } from "../../../src/host_data.ts";
import { parseConfusion } from "../../../tasks/report/read_confusion.ts";
import { splitTable } from "../../../tasks/report/record/tables.ts";
import { describeOwner, readOwner } from "../../../tasks/run/owner.ts";
import { OWNER } from "../../../tasks/cli/output_paths.ts";
import { readText } from "../../../tasks/schema/read_file.ts";
import { readCells } from "../../../tasks/studies/blog/cells.ts";
import { maskedCrc32c } from "../../../tasks/tensorboard/crc32c.ts";
import {
  scalarsEvent,
  settingsStart,
  stepOf,
  versionEvent,
} from "../../../tasks/tensorboard/event.ts";
import { EventFile } from "../../../tasks/tensorboard/event_file.ts";
import { decodeRecords, encodeRecord } from "../../../tasks/tensorboard/record.ts";
import type { Bytes } from "../edits.ts";
import { expect, type Format } from "../format.ts";
import { jsonBytes, WHOLE_JSON } from "./whole_json.ts";

const textBytes = (text: string): Bytes => new TextEncoder().encode(text);

/** Events whose records have the checksums that they should. */
function withChecksums(bytes: Bytes): Bytes {
  const copy = bytes.slice(), view = new DataView(copy.buffer);
  for (let at = 0; at + 16 <= copy.length;) {
    view.setUint32(at + 8, maskedCrc32c(copy.subarray(at, at + 8)), true);
    const end = at + 12 + Number(view.getBigUint64(at, true));
    if (end + 4 > copy.length) break;
    view.setUint32(end, maskedCrc32c(copy.subarray(at + 12, end)), true);
    at = end + 4;
  }
  return copy;
}

/** TensorBoard's events, of which a run that is resumed keeps those until its step. */
export const EVENTS: Format = {
  name: "events",
  seeds: () =>
    Promise.resolve([
      concatBytes(
        [
          versionEvent(1.5),
          settingsStart(1.5, { net: "a", rate: 0.5 }),
          scalarsEvent(2, 1, { loss: 2 }),
          scalarsEvent(3, 300, { loss: 1, accuracy: 0.5 }),
        ].map(encodeRecord),
      ) as Bytes,
    ]),
  reseal: withChecksums,
  async read(bytes, folder) {
    const path = `${folder}/events`, lines: string[] = [];
    await Deno.writeFile(path, bytes);
    (await EventFile.resume(path, 200, (line) => lines.push(line)))[Symbol.dispose]();
    const damaged: number[] = [];
    const events = [...decodeRecords(await Deno.readFile(path), (at) => damaged.push(at))];
    expect(damaged.length === 0 && lines.length <= 1, `${lines.length} lines`);
    expect(events.length > 0 && events.every((event) => stepOf(event) <= 200), "events");
  },
};

/** Confusion matrices, which reports show. */
export const CONFUSION: Format = {
  name: "confusion",
  seeds: () =>
    Promise.resolve(
      ["class,a,b\r\na,3,1\r\nb,0,4\r\n", "class,predicted,count\r\na,b,3\r\n"].map(textBytes),
    ),
  async read(bytes, folder) {
    const path = `${folder}/confusion.csv`;
    await Deno.writeFile(path, bytes);
    const found = parseConfusion((await readText(path))!, path);
    if (!found) return;
    const { classes, counts } = found, n = classes.length;
    expect(n > 0 && counts.length === n && counts.every((row) => row.length === n), `${n} classes`);
    expect(counts.flat().every((each) => Number.isSafeInteger(each) && each >= 0), "counts");
  },
};

const SETTINGS = { epochs: 3, seed: 0 };

/** Cells of a study that goes on. */
export const STUDY: Format = {
  name: "study",
  json: WHOLE_JSON,
  seeds: () =>
    Promise.resolve([jsonBytes({
      ...SETTINGS,
      cells: [{ variant: "a", column: "b", accuracies: [0.5, null] }, {
        variant: "c",
        column: "b",
        accuracies: [],
      }],
    })]),
  async read(bytes, folder) {
    const path = `${folder}/study.json`;
    await Deno.writeFile(path, bytes);
    for (const { variant, column, accuracies } of await readCells(path, SETTINGS)) {
      expect(typeof variant === "string" && typeof column === "string", "texts");
      expect(accuracies.every((each) => typeof each === "number"), "accuracies");
    }
  },
};

/** Measured scaling over processes, which is shown again. */
export const SCALING: Format = {
  name: "scaling",
  json: WHOLE_JSON,
  seeds: () =>
    Promise.resolve([jsonBytes({ ...scale, sums: scale.sums.slice(0, 2), nets: [scale.nets[0]] })]),
  async read(bytes, folder) {
    const path = `${folder}/scale.json`;
    await Deno.writeFile(path, bytes);
    for (const { title, rows } of allTables(await readResult(path))) {
      const odd = rows.flat().find((cell) => /^(NaN|-?Infinity|undefined)\b/.test(cell));
      expect(odd === undefined, `${title}: ${odd}`);
    }
  },
};

/** The file that says which program writes to a folder; a damaged one is of none. */
export const OWNERS: Format = {
  name: "owners",
  json: WHOLE_JSON,
  seeds: () =>
    Promise.resolve([
      jsonBytes({ process: 7, host: "a", since: "2026-01-31T00:00:00.000Z", token: "t" }),
      jsonBytes({
        process: 7,
        host: "a",
        since: "2026-01-31T00:00:00.000Z",
        job: "job 3 of Slurm",
      }),
    ]),
  async read(bytes, folder) {
    await Deno.writeFile(`${folder}/${OWNER}`, bytes);
    const found = await readOwner(folder), text = await describeOwner(folder);
    expect(found !== undefined || text === "another one", `no owner, but ${text}`);
    expect(
      !/\p{Cc}/u.test(text) && text.length < 1500,
      `an owner ${JSON.stringify(text)}`,
    );
  },
};

/** A table of all runs of a record, which is read by run. */
export const RECORD_TABLE: Format = {
  name: "record-tables",
  seeds: () =>
    Promise.resolve(
      ["run,epoch,trainLoss\r\na,1,0.5\r\na,2,0.25\r\nb,1,NaN\r\n", "run,x\r\na,\r\n"].map(
        textBytes,
      ),
    ),
  async read(bytes, folder) {
    const path = `${folder}/run-epochs.csv`;
    await Deno.writeFile(path, bytes);
    const tables = splitTable("epochs", (await readText(path))!, path);
    expect([...tables.keys()].every((file) => file.endsWith("/epochs.csv")), "files");
  },
};
