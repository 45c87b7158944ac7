/**
 * `deno task golden`: writes the weights by which a change of bits is noticed. See `--help`.
 *
 * @module
 */
import { writeAtomically } from "../../src/train/write_atomically.ts";
import { type Command, command, EXIT } from "../../tasks/cli/mod.ts";
import { quietDriver } from "../../tasks/cli/quiet_driver.ts";
import { readJson } from "../../tasks/schema/read_json.ts";
import { number, object, record, type Schema, text } from "../../tasks/schema/schema.ts";
import { differences, type Golden, NET_NAMES, type Recorded, trained } from "./compare.ts";
import { type Setting, settingsHere } from "./settings.ts";
import { STEPS, type Weights } from "./train_weights.ts";

/** The file of golden weights. */
export const GOLDEN: URL = new URL("../../tests/golden/weights.json", import.meta.url);

const TABLE = {
  check: {
    kind: "flag",
    default: false,
    help: "Write nothing; end with 1 where bits differ from the file's.",
  },
} as const;

const TASK: Command<typeof TABLE> = {
  name: "golden",
  table: TABLE,
  page: {
    command: "deno task golden",
    about:
      "train every FitNet for some steps in every setting, and write what its weights come to.",
    examples: [
      ["deno task golden", "After a change of bits that is meant:"],
      ["deno task golden --check", "Whether all bits are as recorded:"],
    ],
    notes: [
      `The file is tests/golden/weights.json: SHA-256 of all weights after ${
        STEPS.join(" and ")
      } steps, and ` +
      "some of their values. A change of bits belongs into CHANGELOG.md.",
      "Baseline is WebAssembly's SIMD, which has the same bits everywhere; the other settings are of " +
      "processors with fused multiply-add, and of the WebGPU adapter that is there. Settings that this " +
      "machine does not have stay as they are.",
      "Exit codes: 0 done, 1 bits differ or something failed, 2 a wrong command line.",
    ],
  },
};

const SCHEMA: Schema<Golden> = record(
  record(record(object<Weights>({ sha256: text, values: record(number()) }))),
);

/** The golden weights of the file; none where there is no file. */
export const readGolden = async (path: string = GOLDEN.pathname): Promise<Golden> =>
  await readJson(path, SCHEMA) ?? {};

/** What all nets come to in a setting, and where its ways differ among each other. */
async function trainAll({ name, ways: [first, ...others] }: Setting) {
  const recorded: Record<string, Recorded> = {}, faults: string[] = [];
  for (const net of NET_NAMES) {
    const found = recorded[net] = await trained(first!, net, STEPS);
    for (const way of others) {
      const where = `${name}, ${net}, ${way.name} beside ${first!.name}`;
      faults.push(...differences(where, found, await trained(way, net, STEPS)));
    }
    console.log(`${name}, ${net}: ${found[STEPS.at(-1)!]!.sha256.slice(0, 12)}`);
  }
  return { recorded, faults };
}

async function work(check: boolean): Promise<number> {
  quietDriver();
  const before = await readGolden(), after: Record<string, Golden[string]> = { ...before };
  const { here, skipped } = await settingsHere(), faults: string[] = [];
  for (const why of skipped) console.log(`left out: ${why}`);
  for (const setting of here) {
    const { recorded, faults: own } = await trainAll(setting);
    after[setting.name] = recorded;
    faults.push(...own);
    if (!check) continue;
    for (const [net, found] of Object.entries(recorded)) {
      faults.push(...differences(`${setting.name}, ${net}`, before[setting.name]?.[net], found));
    }
  }
  for (const fault of faults) console.error(fault);
  if (!check) await writeAtomically(GOLDEN.pathname, `${JSON.stringify(after, undefined, 1)}\n`);
  return faults.length > 0 ? EXIT.failed : EXIT.done;
}

if (import.meta.main) {
  Deno.exit(await command(TASK, Deno.args, ({ values }) => work(values.check)));
}
