/**
 * The program and the data of a run, for its manifest.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };
import { type Dataset, fingerprint, type PreparedSplits } from "../../src/data/mod.ts";
import { callerFolder } from "../cli/caller.ts";
import { NO_LOADER } from "../cli/loader_variables.ts";
import { commandText } from "../cli/quoted.ts";
import type { Origin } from "../datasets/origin.ts";

/** The commit of the program's repository, with `-dirty` if files differ; undefined if unknown. */
export async function gitCommit(): Promise<string | undefined> {
  try {
    const args = [
      "--no-optional-locks",
      "describe",
      "--always",
      "--dirty",
      "--abbrev=40",
      "--exclude=*",
    ];
    const cwd = new URL("../..", import.meta.url);
    const { success, stdout } = await new Deno.Command("git", {
      args,
      cwd,
      env: NO_LOADER,
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}

const describeData = async (dataset: Dataset) => ({
  name: dataset.name,
  count: dataset.count,
  sha256: await fingerprint(dataset),
});

/** Program, versions, command line with the folder it was given in, and data of a run. */
export async function describeEnvironment(
  command: readonly string[],
  { train, test }: PreparedSplits,
  origin: Origin,
) {
  return {
    program: {
      name: configuration.name,
      version: configuration.version,
      commit: await gitCommit(),
    },
    deno: Deno.version.deno,
    system: `${Deno.build.os} ${Deno.build.arch}`,
    command: commandText(command),
    folder: callerFolder(),
    data: {
      origin,
      train: await describeData(train.dataset),
      test: await describeData(test.dataset),
    },
  };
}
