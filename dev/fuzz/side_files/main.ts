/**
 * Walks all damage to the files that tasks read back: `run` or `experiment`, then `--every N`, `--first N`,
 * `--task NAME`, `--file NAME`.
 *
 * @module
 */
import { type Find, walkExperiment, walkRun } from "./walk.ts";

const [what = "run", ...args] = Deno.args;
const option = (name: string) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args[at + 1];
};
const folder = await Deno.makeTempDir(), { error } = console;
const seen = new Set<string>();
const report = (cases: number, find?: Find) => {
  if (cases % 200 === 0) error(`${cases} cases`);
  if (!find || seen.has(`${find.task} ${find.fault}`)) return;
  seen.add(`${find.task} ${find.fault}`);
  error(`${find.task}, ${find.file}, ${find.damage}:\n  ${find.fault}`);
};
const [task, file] = [option("task"), option("file")];
const { cases, finds } = await (what === "run" ? walkRun : walkExperiment)(folder, {
  every: Number(option("every") ?? 1),
  first: Number(option("first") ?? 0),
  ...(task && { tasks: [task] }),
  ...(file && { files: [file] }),
  report,
});
console.log(`${cases} cases, ${finds.length} finds`);
await Deno.remove(folder, { recursive: true });
