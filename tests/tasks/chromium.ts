/**
 * Tests in a real browser, which need Chromium and playwright-core.
 *
 * @module
 */
import { contrast, type Rgb } from "./report/contrast.ts";
import { NPM } from "../../tasks/cli/npm.ts";
import type { Tuple } from "../../src/tuple.ts";

const exists = (path: string): boolean => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
};

const executablePath = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find(exists);

/** A browser whose pages a test describes as far as it uses them. */
export interface Browser<P> {
  newPage(options: Readonly<Record<string, unknown>>): Promise<P>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: { launch(options: Readonly<Record<string, unknown>>): Promise<unknown> };
}

const playwright: Playwright | undefined = executablePath
  ? await import(NPM["playwright-core"]).catch(() => undefined)
  : undefined;

/** Arguments for a browser without WebGPU, and with it by Chromium's software adapter. */
export const GRAPHICS = {
  none: ["--disable-gpu"],
  webgpu: [
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
    "--disable-gpu-watchdog",
  ],
} as const;

/** Starts the browser; undefined where it or playwright-core cannot be had. */
export const launcher = playwright &&
  (<P>(graphics: keyof typeof GRAPHICS = "none"): Promise<Browser<P>> =>
    playwright.chromium.launch({
      executablePath,
      args: ["--no-sandbox", ...GRAPHICS[graphics]],
    }) as Promise<Browser<P>>);

/** A page that a test asks. */
interface Evaluates {
  evaluate<T>(code: string): Promise<T>;
}

interface Words {
  readonly text: string;
  readonly color: string;
  readonly paper: string;
}

/** Every element with words of its own, its color, and that of what lies behind it. */
const wordsOn = (page: Evaluates): Promise<Words[]> =>
  page.evaluate(`(() => {
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (backgroundColor !== "rgba(0, 0, 0, 0)") return backgroundColor;
      }
    };
    return [...document.body.querySelectorAll("*")]
      .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
      .map((element) => ({
        text: element.textContent.slice(0, 40),
        color: getComputedStyle(element)[element.closest("svg") ? "fill" : "color"],
        paper: behind(element),
      }));
  })()`);

function rgbOf(css: string): Rgb {
  const [r, g, b] = css.match(/[\d.]+/g)!.map(Number) as Tuple<number, 3>;
  return [r, g, b];
}

/** Words that are hard to read, how many there are in all, and the color of the page. */
export async function faintWords(page: Evaluates) {
  const words = await wordsOn(page);
  const faint = words.filter(({ color, paper }) => contrast(rgbOf(color), rgbOf(paper)) < 4.5);
  return { faint, count: words.length, paper: rgbOf(words[0]!.paper) };
}

/** What reaches out of the window to the right, but for what its own box lets scroll. */
export const overflowing = (page: Evaluates): Promise<string[]> =>
  page.evaluate(`[...document.body.querySelectorAll("*")]
    .filter((element) => !element.closest("svg *") && !element.parentElement.closest(".scroll, pre"))
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .map((element) => element.outerHTML.slice(0, 80))`);
