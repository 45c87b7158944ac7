/**
 * The page of results: filled, compared with what is on the disk, or written.
 *
 * @module
 */
import { makeFolder } from "../../tasks/cli/output_paths.ts";
import { writeFile } from "../../tasks/cli/write_file.ts";
import type { Results } from "../../tasks/report/results.ts";
import { readText } from "../../tasks/schema/read_file.ts";
import { formatMarkdown } from "../format_markdown.ts";
import { benchMarks } from "./bench.ts";
import { gradientMarks } from "./bench_gradients.ts";
import { memoryMarks } from "./bench_memory.ts";
import { blockMarks } from "./blocks.ts";
import { chooseParts, fillMarks } from "./fill.ts";
import { numberMarks } from "./numbers.ts";
import { type Picture, pictureMarks } from "./pictures.ts";
import { isNamed, readNamed, REPORTS, ROOT } from "./records.ts";

/** The page, and the text that it is filled from. */
export const PAGE = "docs/results.md", TEMPLATE = "dev/results/page.md";

/** The first line of the page. */
const NOTE = `<!-- Written by deno task results from ${TEMPLATE}: edit that. -->\n\n`;

/** The page and its pictures. */
export interface Filled {
  readonly text: string;
  readonly pictures: readonly Picture[];
}

/** Fills a text, reading each record once. */
export async function fillPage(
  template: string,
  read: (name: string) => Promise<Results> = readNamed,
  isThere: (name: string) => Promise<boolean> = isNamed,
): Promise<Filled> {
  const known = new Map<string, Promise<Results>>(), pictures = new Map<string, Picture>();
  const readOnce = (name: string) => {
    const found = known.get(name) ?? read(name);
    known.set(name, found);
    return found;
  };
  const add = (picture: Picture) => void pictures.set(picture.path, picture);
  const text = await fillMarks(await chooseParts(template, isThere), {
    ...blockMarks(readOnce),
    ...numberMarks(readOnce),
    ...benchMarks(add),
    ...gradientMarks(add),
    ...memoryMarks,
    ...pictureMarks(readOnce, add),
  });
  return { text: await formatMarkdown(NOTE + text, ROOT), pictures: [...pictures.values()] };
}

/** Fills the page of the project. */
const fillOwn = async (): Promise<Filled> =>
  await fillPage((await readText(`${ROOT}${TEMPLATE}`))!);

/** The comment at the end of a picture that says what it was drawn from. */
async function stamp(source: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(source));
  const hex = [...new Uint8Array(hash).slice(0, 8)].map((byte) =>
    byte.toString(16).padStart(2, "0")
  );
  return `<!-- from ${hex.join("")} -->\n`;
}

/** Pictures in the records' folders that the page does not have. */
async function leftPictures(pictures: readonly Picture[]): Promise<readonly string[]> {
  const known = new Set(pictures.map(({ path }) => path)), left: string[] = [];
  for await (const folder of Deno.readDir(`${ROOT}${REPORTS}`)) {
    if (!folder.isDirectory) continue;
    for await (const { name } of Deno.readDir(`${ROOT}${REPORTS}/${folder.name}`)) {
      const path = `${REPORTS}/${folder.name}/${name}`;
      if (name.endsWith(".svg") && !known.has(path)) left.push(path);
    }
  }
  return left;
}

/** The files of the page that are not what the records say, and pictures that it does not have. */
export async function checkPage(): Promise<readonly string[]> {
  const { text, pictures } = await fillOwn(), faults: string[] = [];
  if (await readText(`${ROOT}${PAGE}`) !== text) faults.push(PAGE);
  for (const { path, source } of pictures) {
    const svg = await readText(`${ROOT}${path}`);
    if (!svg?.endsWith(await stamp(source))) faults.push(path);
  }
  return [...faults, ...await leftPictures(pictures)];
}

/** Writes the page and those of its pictures that are not up to date, and removes others. */
export async function writePage(): Promise<void> {
  const { text, pictures } = await fillOwn();
  for (const { path, source, draw } of pictures) {
    const end = await stamp(source), file = `${ROOT}${path}`;
    if ((await readText(file))?.endsWith(end)) continue;
    await makeFolder(file.replace(/\/[^/]*$/, ""));
    await writeFile(file, await draw() + end);
  }
  for (const path of await leftPictures(pictures)) await Deno.remove(`${ROOT}${path}`);
  await writeFile(`${ROOT}${PAGE}`, text);
}
