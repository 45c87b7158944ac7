/**
 * Where the numbers of a record come from: its command, commits, dates, device and what was scaled down.
 *
 * @module
 */
import { counted, duration, grouped } from "../../tasks/cli/format.ts";
import type { Results } from "../../tasks/report/results.ts";
import type { Run } from "../../tasks/run/read_run.ts";

/** The letters of a commit that are shown. */
const SHORT = 7;

/** The distinct texts. */
const distinct = (texts: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(texts.filter((text) => text !== undefined && text !== ""))] as string[];

/** A run's command as it was given, without its seed and folder: fast tasks store what they stand for. */
const asGiven = (command: string): string =>
  command.replace(/ --(seed \d+|out ('[^']*'|\S+)|quiet)/g, "")
    .replace(/^(deno task train:\w+) --device cpu --wide/, "$1:fast");

/** Commands without their seeds, each once, with the seeds behind. */
function runCommands(runs: readonly Run[]): readonly string[] {
  const known = runs.flatMap(({ manifest: { command, seed } }) =>
    command ? [{ command: asGiven(command), seed: seed ?? 0 }] : []
  );
  return [...Map.groupBy(known, ({ command }) => command)].map(([command, group]) => {
    const [first = 0, ...others] = [...new Set(group.map(({ seed }) => seed))].sort((a, b) =>
      a - b
    );
    return `${command} --seed ${first}${others.length > 0 ? `  # and ${others.join(", ")}` : ""}`;
  });
}

const factOf = ({ facts }: Results, name: string): string | undefined =>
  facts.find(([key]) => key === name)?.[1];

/** The commands that made a record. */
export function commandsOf(results: Results): readonly string[] {
  const command = factOf(results, "Command");
  if (command) return command.replace(/ --(quiet|out ('[^']*'|\S+))/g, "").split("\n");
  return runCommands(results.cells.flatMap(({ run }) => run ?? []));
}

/** Days on which runs were started: `2026-11-28`, or `2026-11-28 to 29`. */
function daysText(runs: readonly Run[], started: string | undefined): string | undefined {
  const days = distinct(
    [started, ...runs.map(({ manifest }) => manifest.started)].map((text) => text?.slice(0, 10)),
  )
    .toSorted();
  const [first] = days, last = days.at(-1);
  if (!first || !last) return undefined;
  return first === last
    ? first
    : `${first} to ${last.slice(0, 7) === first.slice(0, 7) ? last.slice(8) : last}`;
}

/** The commits of runs, in the order of their sessions. */
function commitsText(runs: readonly Run[]): string {
  const commits = distinct(
    runs.flatMap(({ manifest: { program, resumed = [] } }) =>
      [program, ...resumed.map(({ program }) => program)].map((each) =>
        each?.commit?.slice(0, SHORT)
      )
    ),
  );
  const lost = runs.filter(({ manifest: { program } }) => !program?.commit).length;
  if (commits.length === 0) return "commit not recorded";
  const named = commits.length > 3 ? [commits[0]!, "…", commits.at(-1)!] : commits;
  return `commit${commits.length > 1 ? "s" : ""} ${named.join(", ")}` +
    (lost > 0 ? `, that of ${counted(lost, "run")} not recorded` : "");
}

/** The devices of runs with their threads. */
const devicesText = (runs: readonly Run[], device: string | undefined): string | undefined => {
  const found = distinct(
    runs.map(({ manifest: { device } }) => device && `\`${device.name}\` (${device.description})`),
  );
  return found.length > 0 ? found.join("; ") : device && `\`${device}\``;
};

/** The images that were trained and tested with, of runs that may differ in their numbers. */
function imagesText(results: Results, runs: readonly Run[]): string | undefined {
  const data = runs.length > 0 ? runs.map(({ manifest }) => manifest.data) : [undefined];
  const found = distinct(data.map((each) => {
    const train = each?.train?.count, test = each?.test?.count ?? results.testImages;
    const trained = train ? grouped(train) : factOf(results, "Training images");
    return trained && test ? `${trained} training and ${grouped(test)}` : undefined;
  }));
  return found.length > 0 ? `${found.join(" or ")} test images` : undefined;
}

/** The line of facts. */
export function factsText(results: Results): string {
  const runs = results.cells.flatMap(({ run }) => run ?? []);
  const seeds = [...new Set(results.cells.map(({ seed }) => seed))].sort((a, b) => a - b);
  const total = results.cells.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  const facts = [
    daysText(runs, factOf(results, "Started")),
    commitsText(runs),
    devicesText(runs, factOf(results, "Device")),
    imagesText(results, runs),
    `${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}`,
    progressFact(results),
    total > 0
      ? `${duration(total)} of training in ${
        counted(results.cells.filter(({ seconds = 0 }) => seconds > 0).length, "run")
      }`
      : undefined,
  ];
  return `Measured: ${facts.filter((fact) => fact !== undefined).join("; ")}.`;
}

/** What was scaled down, or is different from what was published. */
export function scaledText({ kind, scaled }: Results): string {
  if (scaled === undefined) return "What was scaled down is not recorded.";
  if (scaled.length === 0) return "Nothing was scaled down.";
  return kind === "experiment"
    ? `Different from what was published: ${
      scaled.map((text) => text.replace(/\.$/, "")).join("; ")
    }.`
    : scaled.join(" ");
}

/** How far runs are that have not ended. */
function progressFact({ cells }: Results): string | undefined {
  const open = cells.filter(({ status }) => status === "running" || status === "stopped");
  if (open.length === 0) return undefined;
  return `**in progress: ${
    open.map(({ row, seed, epochs = 0, run }) =>
      `${
        cells.length > 1 ? `${row}, seed ${seed}, ` : ""
      }${epochs} of ${run?.manifest.settings?.epochs} epochs`
    ).join("; ")
  }**`;
}

/** The whole source of a record, as Markdown. */
export const sourceText = (results: Results): string =>
  [
    `\`\`\`sh\n${commandsOf(results).join("\n")}\n\`\`\``,
    factsText(results),
    scaledText(results),
  ].join("\n\n");
