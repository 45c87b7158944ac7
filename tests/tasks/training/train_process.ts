/**
 * A training task as a process of its own, with other archives than the official ones: the
 * arguments are the task, the archives as JSON, and the task's own.
 *
 * @module
 */
import { train } from "../../../tasks/training/train_command.ts";
import type { TaskName } from "../../../tasks/run/settings.ts";

if (import.meta.main) {
  const [task, downloads, ...args] = Deno.args as [string, string, ...string[]];
  Deno.exit(await train(task as TaskName, args, { downloads: JSON.parse(downloads) }));
}
