/**
 * Links of the documentation lead somewhere, and every page is reached from the README.
 */
import { assert, assertEquals } from "@std/assert";
import { isInRepository, type Page, readPages, withoutBlocks } from "./pages.ts";

const PAGES = await readPages();

/** The addresses that a page links, pictures among them. */
const linksOf = ({ text }: Page): string[] => [
  ...[...withoutBlocks(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, address]) => address!),
  ...[...withoutBlocks(text).matchAll(/(?:src|srcset|href)="([^"]+)"/g)].map((found) => found[1]!),
];

const isOutside = (address: string) => /^[a-z]+:/.test(address);

/** A path relative to the folder of a page, as one of the repository. */
const resolved = ({ path }: Page, address: string): string =>
  new URL(address, `file:///${path}`).pathname.slice(1);

/** A heading as GitHub's address of it. */
const anchor = (heading: string): string =>
  heading.trim().toLowerCase().replace(/`/g, "").replace(/[^\p{L}\p{N} _-]/gu, "")
    .replace(/ /g, "-");

const anchorsOf = ({ text }: Page): string[] =>
  [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!));

Deno.test("links of the documentation lead to files and headings that are there", async () => {
  const broken: string[] = [];
  for (const page of PAGES) {
    for (const address of linksOf(page).filter((each) => !isOutside(each))) {
      const [file, heading] = address.split("#");
      const path = file ? resolved(page, file) : page.path;
      const target = PAGES.find((each) => each.path === path);
      const isThere = await isInRepository(path) &&
        (!heading || (target !== undefined && anchorsOf(target).includes(heading)));
      if (!isThere) broken.push(`${page.path}: ${address}`);
    }
  }
  assertEquals(broken, []);
});

Deno.test("every page of docs is linked from the README", () => {
  const [readme, ...pages] = PAGES, linked = linksOf(readme!).map((each) => each.split("#")[0]);
  const lost = pages.filter(({ path }) => path.startsWith("docs/") && !linked.includes(path));
  assertEquals(lost.map(({ path }) => path), []);
});

Deno.test("no page is a dead end: each links another", () => {
  // Two pages are lists, generated from the source.
  const lists = ["docs/api.md", "docs/systems.md"];
  const written = PAGES.filter(({ path }) => path.startsWith("docs/") && !lists.includes(path));
  for (const page of written) {
    assert(linksOf(page).some((each) => !isOutside(each)), `${page.path} links no other page`);
  }
});
