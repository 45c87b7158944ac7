/**
 * Finds a Python that has PyTorch.
 *
 * @module
 */
import { NO_LOADER, TaskError } from "../tasks/cli/mod.ts";

/** Whether a Python runs a line; undefined where there is none. */
async function tryLine(python: string, line: string): Promise<boolean | undefined> {
  try {
    const { success } = await new Deno.Command(python, {
      args: ["-c", line],
      env: NO_LOADER,
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}

/** What was tried: importing PyTorch takes seconds, and several programs ask. */
const tried = new Map<string, Promise<boolean | undefined>>();

/** Whether a Python runs a line; undefined where there is none. Each is tried once. */
export function runsLine(python: string, line: string): Promise<boolean | undefined> {
  const key = `${python}\n${line}`, runs = tried.get(key) ?? tryLine(python, line);
  tried.set(key, runs);
  return runs;
}

/** Why a Python cannot run a line of PyTorch; undefined where it can. */
async function failing(python: string, line: string, why: string): Promise<string | undefined> {
  const runs = await runsLine(python, line);
  if (runs === undefined) return `found no ${python}; --python names another`;
  return runs ? undefined : why;
}

/** Why a Python cannot run PyTorch; undefined where it can. */
export const torchAbsence = (python: string): Promise<string | undefined> =>
  failing(
    python,
    "import torch",
    `${python} has no torch (Debian: apt-get install python3-torch)`,
  );

/** Why a Python cannot run PyTorch on an NVIDIA GPU; undefined where it can. */
export const cudaAbsence = async (python: string): Promise<string | undefined> =>
  await torchAbsence(python) ??
    await failing(
      python,
      "import torch; torch.zeros(1, device='cuda')",
      `${python}'s torch finds no NVIDIA GPU`,
    );

/** Those that are tried where none is named. */
const USUAL = ["python3", "/usr/bin/python3"];

/** The first of some Pythons that has PyTorch; where none has, why. */
async function search(pythons: readonly string[]): Promise<{ found?: string; reasons: string[] }> {
  const reasons: string[] = [];
  for (const python of pythons) {
    const why = await torchAbsence(python);
    if (why === undefined) return { found: python, reasons };
    reasons.push(why);
  }
  return { reasons };
}

/** The Python that is named, or a usual one, that has PyTorch. Throws a {@linkcode TaskError} if there is none. */
export async function findTorch(named?: string): Promise<string> {
  const { found, reasons } = await search(named === undefined ? USUAL : [named]);
  if (found !== undefined) return found;
  throw new TaskError(`expected a Python with PyTorch: ${reasons.join("; ")}`);
}

/** The Python that is named, a usual one that has PyTorch, or else `other`. */
export const torchOr = async (other: string, named?: string): Promise<string> =>
  named ?? (await search(USUAL)).found ?? other;
