/**
 * Builds the npm package in a folder.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import { findStarted } from "../floors/imports.ts";
import { readSources } from "../floors/sources.ts";
import { isThere } from "../is_there.ts";
import { compile } from "./compile.ts";
import { packageJson, type Project } from "./package_json.ts";
import { renameModules } from "./rename_modules.ts";

/** The repository. */
const ROOT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** The files that are copied, with their names in the package. */
const COPIED = [["LICENSE", "LICENSE"], ["CHANGELOG.md", "CHANGELOG.md"], [
  "docs/node.md",
  "README.md",
]] as const;

/** Lets declarations name what newer versions of the language have, whatever the reader's `lib` is. */
const LIBRARIES = '/// <reference lib="esnext.disposable" />\n';

/** The modules that the library starts as workers. */
async function findWorkers(): Promise<string[]> {
  const sources = (await readSources(ROOT)).filter(({ path }) => path.startsWith("src/"));
  return [...new Set(sources.flatMap(findStarted).map(({ target }) => target!))].sort();
}

/** Whether a folder may be replaced: it is empty, or a former package of this name. */
async function isReplaceable(folder: string, name: string): Promise<boolean> {
  const text = await Deno.readTextFile(`${folder}/package.json`).catch(() => undefined);
  if (text !== undefined) return JSON.parse(text).name === name;
  for await (const _ of Deno.readDir(folder)) return false;
  return true;
}

/** The files of the package with their contents. */
async function packageFiles(project: Project): Promise<Map<string, string>> {
  const workers = await findWorkers(), files = new Map<string, string>();
  for (const { path, text } of await compile(ROOT, ["mod.ts", ...workers])) {
    files.set(path, (path === "mod.d.ts" ? LIBRARIES : "") + renameModules(text));
  }
  files.set("package.json", JSON.stringify(packageJson(project, workers), null, 2) + "\n");
  for (const [from, to] of COPIED) files.set(to, await Deno.readTextFile(`${ROOT}/${from}`));
  return files;
}

async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<number> {
  let bytes = 0;
  for (const [path, text] of files) {
    await Deno.mkdir(`${folder}/${path}`.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, text);
    bytes += text.length;
  }
  return bytes;
}

/**
 * Builds the package in a folder, which is replaced as a whole once everything is written.
 *
 * @return The number of files and their bytes.
 */
export async function buildPackage(
  folder: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const project: Project = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  if (isThere(folder) && !await isReplaceable(folder, project.name)) {
    throw new TaskError(
      `--out: expected an empty folder or a former package, found ${folder} with other files`,
    );
  }
  const files = await packageFiles(project), temporary = `${folder.replace(/\/$/, "")}.tmp`;
  await Deno.remove(temporary, { recursive: true }).catch(() => {});
  const bytes = await writeFiles(temporary, files);
  if (isThere(folder)) await Deno.remove(folder, { recursive: true });
  await Deno.rename(temporary, folder);
  return { files: files.size, bytes };
}
