/**
 * docs/mutants.md as text.
 *
 * @module
 */
import { type Fault, faultName } from "./fault.ts";
import {
  countByRoom,
  type Counts,
  countVerdicts,
  type Judged,
  noticedShare,
  WANTED,
} from "./summary.ts";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const HEAD = `# Faults that the tests must notice

Tests are tested by planting faults. \`dev/mutants/catalogue\` holds small ones, as data: a file, a text in it,
what stands there instead, what then goes wrong, and the tests of the same room that must notice.
\`deno task mutants\` plants each in a copy of the project, runs those tests, and fails when they notice fewer than
${
  WANTED * 100
} %. It keeps verdicts in \`dev/mutants/results.json\` and repeats only those whose file or
tests have changed; \`--fresh\` repeats all. Written by that task.

Killed means that a test failed. A time-out counts as noticed: the limit is six times what the tests take without the
fault, and half a minute. Open faults are not tried yet, or an error: they count as not noticed.
A verdict is of the files as they were when the fault was tried. Why it is done so: [decisions.md](decisions.md).
`;

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

const countCells = (counts: Counts): (string | number)[] => [
  counts.planted,
  counts.noticed,
  counts.survived,
  counts.errors,
  percent(noticedShare(counts)),
  counts.equivalent,
];

/** A list of faults and of what is to be said about each; nothing if there is none. */
function section(title: string, faults: readonly Fault[], reason: (fault: Fault) => string) {
  if (faults.length === 0) return [];
  return ["", `## ${title}`, "", ...faults.map((each) => `- ${faultName(each)}. ${reason(each)}`)];
}

/** The page about a run of all faults. */
export function renderPage(judged: readonly Judged[]): string {
  const survivors = judged.filter(({ fault, verdict }) =>
    verdict.outcome === "survived" && fault.equivalent === undefined
  );
  const equivalent = judged.filter(({ fault }) => fault.equivalent !== undefined);
  const faults = (some: readonly Judged[]) => some.map(({ fault }) => fault);
  return [
    HEAD,
    row(["room", "faults", "noticed", "not noticed", "open", "share", "equivalent"]),
    row(["---", "---:", "---:", "---:", "---:", "---:", "---:"]),
    ...countByRoom(judged).map(([room, counts]) => row([`\`${room}\``, ...countCells(counts)])),
    row(["all", ...countCells(countVerdicts(judged))]),
    ...section("Not noticed", faults(survivors), ({ survives }) => survives ?? "No reason known."),
    ...section(
      "Equivalent",
      faults(equivalent),
      ({ equivalent }) => `Not counted: ${equivalent}`,
    ),
    "",
  ].join("\n");
}
