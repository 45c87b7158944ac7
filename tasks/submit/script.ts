/**
 * The script of a job: it runs a program, passes requests to end on to it, and runs the job again where its time
 * was up too soon.
 *
 * @module
 */
import { commandText, quoted } from "../cli/quoted.ts";
import type { Dialect } from "./dialects/mod.ts";
import { type Job, NOTICE } from "./job.ts";

/** What a job runs. */
export interface Program {
  /** The folder of the project, and the one that paths of arguments are relative to. */
  readonly project: string;
  readonly caller: string;
  /** Environment variables that the program reads. */
  readonly variables: Readonly<Record<string, string>>;
  /** The words of its command without arguments, as a shell reads them. */
  readonly command: string;
  readonly args: readonly string[];
  /** The run's folder and the arguments with which it is resumed where there is one. */
  readonly resumed?: { readonly folder: string; readonly args: readonly string[] } | undefined;
  /** A launcher of several processes, as a shell reads it. */
  readonly launcher?: string | undefined;
}

/** The exit codes from which on a program was ended by a signal, in good order (130) or not. */
const SIGNALED = 128;

/** The arguments, which depend on what an earlier attempt has left. */
function argumentLines(
  { args, resumed }: Program,
  { index }: Dialect,
  array: Job["array"],
): readonly string[] {
  const shard = array ? [`--shard "$${index}/${array.count}"`] : [];
  const whole = ["set --", commandText(args), ...shard].join(" ");
  if (!resumed) return [whole];
  const { folder, args: again } = resumed;
  return [
    "# A run that an earlier attempt has left is resumed.",
    `if [ -e ${quoted(`${folder}/manifest.json`)} ]; then`,
    `  set -- --resume ${commandText([folder, ...again])}`,
    "else",
    `  ${whole}`,
    "fi",
  ];
}

/** The environment of the program. */
const environmentLines = ({ project, caller, variables }: Program): readonly string[] => [
  ...Object.entries({ INIT_CWD: caller, ...variables })
    .map(([name, value]) => `export ${name}=${quoted(value)}`),
  `cd ${quoted(project)} || exit 1`,
];

/** The traps of signals: the program is asked to end, and after the scheduler's notice the job is run again. */
const TRAPS =
  `# The program is asked to end in good order, with a checkpoint (not by SIGUSR1, at which Deno
# opens a debugger); after the scheduler's notice that the time is nearly up, the job is run again.
child= again= signaled=
ask() { signaled=yes; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null; }
trap 'again=yes; ask' USR1
trap 'again=; ask' TERM INT`;

/** Gives the script notice itself, and ends with it. */
const alarmLines = (time: number): readonly string[] => [
  `(sleep ${Math.max(1, time - NOTICE)} & nap=$!; trap 'kill "$nap"' TERM`,
  ' wait "$nap" && kill -USR1 $$) >/dev/null 2>&1 &',
  "alarm=$!",
];

/** Starts the program, and waits for it however many signals interrupt that. */
const RUN = `child=$!
[ -z "$signaled" ] || kill -TERM "$child"
wait "$child"; code=$?
while [ -n "$signaled" ]; do signaled=; wait "$child"; code=$?; done`;

/**
 * The script of a job.
 *
 * @param notes Comments, a line each.
 */
export function scriptText(
  dialect: Dialect,
  job: Job,
  program: Program,
  notes: readonly string[],
): string {
  const { command, launcher } = program, { alarm, again } = dialect;
  const run = [launcher, command, '"$@" &'].filter(Boolean).join(" ");
  return [
    "#!/bin/bash",
    ...dialect.head(job),
    "",
    ...notes.map((note) => `# ${note}`),
    ...environmentLines(program),
    ...argumentLines(program, dialect, job.array),
    "",
    TRAPS,
    ...(alarm ? alarmLines(job.time) : []),
    run,
    RUN,
    ...(alarm ? ['kill "$alarm" 2>/dev/null'] : []),
    `if [ -n "$again" ] && [ "$code" -ge ${SIGNALED} ]; then`,
    '  echo "the time is nearly up: this job is run again, and goes on from its checkpoint"',
    ...again(job).map((line) => `  ${line}`),
    "fi",
    'exit "$code"',
  ].join("\n") + "\n";
}
