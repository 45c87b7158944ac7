/**
 * Builds the page about LSUV: HTML, the page's script, and those of its workers.
 *
 * @module
 */
import { bundle } from "./bundle.ts";
import { renderPage } from "./html.ts";

/** The script of the page. */
const SCRIPT = "main";

/** The files of the site, by name. */
export async function buildSite(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const scripts = await bundle({ [SCRIPT]: new URL("./page/main.ts", import.meta.url) });
  const page = new TextEncoder().encode(await renderPage(`${SCRIPT}.js`));
  return new Map([["index.html", page], ...scripts]);
}

const gzippedSize = async (bytes: Uint8Array<ArrayBuffer>): Promise<number> => {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(packed).arrayBuffer()).byteLength;
};

/** The size of a site. */
export interface SiteSize {
  readonly files: number;
  readonly bytes: number;
  /** The bytes that a web server sends with gzip. */
  readonly packed: number;
}

/** Writes the site to a folder, replacing a former one only once the new one is complete. */
export async function writeSite(folder: string): Promise<SiteSize> {
  const files = await buildSite(), temporary = `${folder}.${crypto.randomUUID()}.tmp`;
  let bytes = 0, packed = 0;
  try {
    await Deno.mkdir(temporary, { recursive: true });
    for (const [name, content] of files) {
      await Deno.writeFile(`${temporary}/${name}`, content);
      bytes += content.length;
      packed += await gzippedSize(content);
    }
    await Deno.remove(folder, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    await Deno.rename(temporary, folder);
  } catch (error) {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
    throw error;
  }
  return { files: files.size, bytes, packed };
}
