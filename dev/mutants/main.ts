/**
 * `deno task mutants`: plants small faults in a copy of the project, and checks that tests notice them. See
 * `--help`.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { writeAtomically } from "../../src/train/write_atomically.ts";
import {
  aligned,
  type Command,
  command,
  EXIT,
  TaskError,
  type Values,
} from "../../tasks/cli/mod.ts";
import { formatMarkdown } from "../format_markdown.ts";
import { FAULTS } from "./catalogue/mod.ts";
import { copyTree } from "./copy_tree.ts";
import { type Fault, faultName } from "./fault.ts";
import { judge, keptBaseline, type Verdict } from "./judge.ts";
import { renderPage } from "./render.ts";
import {
  forgetOthers,
  hashFault,
  heldVerdict,
  keepVerdict,
  readResults,
  type Results,
} from "./results.ts";
import {
  complaints,
  countByRoom,
  countVerdicts,
  isEnough,
  type Judged,
  noticedShare,
} from "./summary.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const PAGE = "docs/mutants.md", RESULTS = `${ROOT}dev/mutants/results.json`;

const TABLE = {
  only: {
    kind: "text",
    value: "TEXT,…",
    help: "Faults whose file or meaning contains one of these.",
    otherwise: "all of them",
  },
  jobs: {
    kind: "integer",
    from: 1,
    to: 64,
    default: 1,
    help: "Faults that are tried at once, each in a copy of its own.",
  },
  fresh: { kind: "flag", default: false, help: "Try faults again whose verdict is kept." },
  kept: {
    kind: "flag",
    default: false,
    help: "Try nothing: only write the table and the page of the verdicts that are kept.",
  },
  list: { kind: "flag", default: false, help: "Only list the faults." },
} as const;

const COMMAND: Command<typeof TABLE> = {
  name: "mutants",
  table: TABLE,
  page: {
    command: "deno task mutants",
    about:
      "plant small faults in a copy of the project, and check that tests of their room notice.",
    examples: [
      [
        "deno task mutants",
        "All faults whose file or tests have changed since, and a table of all:",
      ],
      ["deno task mutants --only src/optim,dropout", "Some of them:"],
      ["deno task mutants --jobs 4 --fresh", "All of them anew, four at once:"],
    ],
    notes: [
      `Verdicts are kept in dev/mutants/results.json, so an interrupted run goes on; a run of all faults writes ${PAGE}.`,
      "Faults are in dev/mutants/catalogue. One whose text no longer occurs exactly once in its file is an error, " +
      "which the tests of the project find too.",
      "Exit codes: 0 at least 97 % noticed and no error, 1 fewer or an error, 2 a wrong command line.",
    ],
  },
};

/** The faults that a list of texts names. */
function chooseFaults(only: string | undefined): readonly Fault[] {
  const parts = only?.split(",").map((part) => part.trim()).filter((part) => part !== "");
  if (!parts) return FAULTS;
  const chosen = FAULTS.filter((fault) => parts.some((part) => faultName(fault).includes(part)));
  if (chosen.length > 0) return chosen;
  throw new TaskError(`expected a text that a fault's file or meaning contains, found ${only}`);
}

/** Tries faults in a copy of the project, and keeps each verdict. */
async function tryFaults(queue: Fault[], results: Results): Promise<void> {
  await using copy = await copyTree(ROOT);
  const baseline = keptBaseline();
  for (let fault = queue.shift(); fault; fault = queue.shift()) {
    const verdict = await judge(copy.root, fault, baseline);
    console.log(
      `${verdict.outcome.padEnd(9)} ${verdict.seconds.toFixed(1).padStart(6)} s  ${
        faultName(fault)
      }`,
    );
    if (verdict.outcome === "error") console.log(`          ${verdict.what}`);
    const hash = await hashFault(copy.root, fault).catch(() => "");
    results[faultName(fault)] = { hash, ...verdict };
    await keepVerdict(RESULTS, faultName(fault), { hash, ...verdict });
  }
}

/** The faults whose verdict is not kept or holds no longer; of equivalent ones there is nothing to find out. */
async function openFaults(faults: readonly Fault[], results: Results): Promise<Fault[]> {
  const open: Fault[] = [];
  for (const fault of faults.filter(({ equivalent }) => equivalent === undefined)) {
    if (!await heldVerdict(ROOT, fault, results).catch(() => undefined)) open.push(fault);
  }
  return open;
}

/** What is known of a fault. */
const verdictOf = (fault: Fault, results: Results): Verdict =>
  fault.equivalent === undefined
    ? results[faultName(fault)] ?? { outcome: "error", seconds: 0, what: "not tried" }
    : { outcome: "survived", seconds: 0, what: "" };

/** The table at the end. */
function printTable(judged: readonly Judged[]): void {
  const all = countVerdicts(judged),
    share = (each: typeof all) => `${(100 * noticedShare(each)).toFixed(1)} %`;
  const rows = [...countByRoom(judged), ["all", all] as const].map(([room, each]) => [
    room,
    ...[each.planted, each.noticed, each.survived, each.errors, each.equivalent].map(String),
    share(each),
  ]);
  const head = ["room", "faults", "noticed", "survived", "errors", "equivalent", "share"];
  console.log(["", ...aligned([head, ...rows]), ...complaints(judged)].join("\n"));
}

async function work({ only, jobs, fresh, kept, list }: Values<typeof TABLE>): Promise<number> {
  const faults = chooseFaults(only), results = await readResults(RESULTS);
  if (list) {
    for (const fault of faults) console.log(faultName(fault));
    return EXIT.done;
  }
  const open = kept ? [] : await openFaults(faults, fresh ? {} : results);
  console.log(`mutants: ${counted(faults.length, "fault")}, ${open.length} to try`);
  await Promise.all(
    Array.from({ length: Math.min(jobs, open.length) }, () => tryFaults(open, results)),
  );
  const judged = faults.map((fault) => ({ fault, verdict: verdictOf(fault, results) }));
  printTable(judged);
  if (!only) {
    await forgetOthers(RESULTS, new Set(FAULTS.map(faultName)));
    await writeAtomically(`${ROOT}${PAGE}`, await formatMarkdown(renderPage(judged), ROOT));
  }
  return isEnough(countVerdicts(judged)) ? EXIT.done : EXIT.failed;
}

if (import.meta.main) Deno.exit(await command(COMMAND, Deno.args, ({ values }) => work(values)));
