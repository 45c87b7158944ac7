/**
 * The site as a web server of the tests serves it, and a browser that visits it.
 *
 * @module
 */
import { NPM } from "../../tasks/cli/npm.ts";
import { type GRAPHICS, launcher } from "../tasks/chromium.ts";
import { pause } from "../pause.ts";

/** A page of the browser, as far as tests use it. */
export interface Page {
  goto(address: string): Promise<unknown>;
  evaluate<T>(code: string): Promise<T>;
  click(selector: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  setInputFiles(selector: string, files: readonly unknown[]): Promise<void>;
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>;
  screenshot(options: { readonly path: string; readonly fullPage: boolean }): Promise<unknown>;
  readonly keyboard: { press(key: string): Promise<void> };
  on(event: string, listener: (what: { text?(): string; url?(): string }) => void): void;
}

/** Why the site cannot be bundled and visited here; undefined where it can. */
export const noBrowser: string | undefined = !launcher
  ? "Chromium or playwright-core cannot be had"
  : await import(NPM.esbuild).then(() => undefined, () => "esbuild cannot be had");

const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };

/** The headers of a cross-origin isolated page, whose workers may share memory. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** A web server of files, which end in a folder `/some/where/`. */
export function serve(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  isolated: boolean,
): AsyncDisposable & { readonly address: string } {
  const folder = "/some/where/";
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, ({ url }) => {
    const { pathname } = new URL(url), name = pathname.slice(folder.length) || "index.html";
    const file = pathname.startsWith(folder) ? files.get(name) : undefined;
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    const headers = { "content-type": type, ...(isolated && ISOLATED) };
    return new Response(file ?? "not found", { status: file ? 200 : 404, headers });
  });
  return {
    address: `http://127.0.0.1:${server.addr.port}${folder}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** How a page is visited. */
export interface Visit {
  readonly graphics?: keyof typeof GRAPHICS;
  readonly isolated?: boolean;
  /** Options of the browser's page: its size, colors, motion. */
  readonly look?: Readonly<Record<string, unknown>>;
}

/** A page, what its browser has complained of, and what it has requested. */
export interface Visited {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requested: ReadonlySet<string>;
  readonly address: string;
}

/** Visits files. */
export async function visit(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  { graphics = "none", isolated = false, look = {} }: Visit,
  work: (visited: Visited) => Promise<void>,
): Promise<void> {
  await using server = serve(files, isolated);
  const browser = await launcher!<Page>(graphics);
  try {
    const page = await browser.newPage(look), complaints: string[] = [];
    const requested = new Set<string>(), { address } = server;
    page.on("console", (message) => complaints.push(message.text!()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => requested.add(request.url!()));
    await work({ page, complaints, requested, address });
  } finally {
    await browser.close();
  }
}

/** Waits until a page's expression holds. */
export async function until(page: Page, code: string): Promise<void> {
  for (const began = performance.now(); performance.now() - began < 120_000;) {
    if (await page.evaluate<boolean>(code)) return;
    await pause(25);
  }
  throw new Error(`expected ${code}, found otherwise for two minutes`);
}

/** Registers a test in the browser, which is shown as ignored where there is none. */
export const inBrowser = (name: string, fn: () => Promise<void>): void =>
  Deno.test({
    name: `Chromium: ${name}${noBrowser === undefined ? "" : `: ${noBrowser}`}`,
    ignore: noBrowser !== undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
