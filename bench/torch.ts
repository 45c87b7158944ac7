/**
 * Finds a Python that has PyTorch.
 *
 * @module
 */
import { TaskError } from "../tasks/cli/mod.ts";

/** Why a Python cannot run PyTorch; undefined where it can. */
export async function torchAbsence(python: string): Promise<string | undefined> {
  try {
    const { success } = await new Deno.Command(python, {
      args: ["-c", "import torch"],
      stderr: "null",
    }).output();
    if (success) return undefined;
  } catch {
    return `found no ${python}; --python names another`;
  }
  return `${python} has no torch (Debian: apt-get install python3-torch)`;
}

/** Those that are tried where none is named. */
const USUAL = ["python3", "/usr/bin/python3"];

/** The Python that is named, or a usual one, that has PyTorch. Throws a {@linkcode TaskError} if there is none. */
export async function findTorch(named?: string): Promise<string> {
  const reasons: string[] = [];
  for (const python of named === undefined ? USUAL : [named]) {
    const why = await torchAbsence(python);
    if (why === undefined) return python;
    reasons.push(why);
  }
  throw new TaskError(`expected a Python with PyTorch: ${reasons.join("; ")}`);
}
