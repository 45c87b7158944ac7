/**
 * Getting an archive from one of several mirrors, and making sure that it is the one meant.
 *
 * @module
 */
import { DataError } from "../../src/data/mod.ts";
import { fileSize, findFault } from "./checksums.ts";
import { download } from "./download.ts";
import { type DownloadReporter, megabytes } from "./download_progress.ts";
import type { Archive } from "./registry.ts";

/** How an archive is got. */
export interface FetchOptions {
  /** Its addresses, in the order in which they are tried. */
  readonly urls: readonly string[];
  /** Where it is shown. */
  readonly reporter: DownloadReporter;
  /** Seconds without a byte after which an address is given up for now. */
  readonly stall: number;
  /** Seconds before an address is asked again. */
  readonly pause: number;
}

/** How often an address that gave some of the file is asked for the remainder. */
const ATTEMPTS = 5;

const wait = (seconds: number) => new Promise((done) => setTimeout(done, 1000 * seconds));

/** Asks one address until it gives nothing more; says what is wrong where the file is not whole. */
async function getPart(url: string, part: string, archive: Archive, options: FetchOptions) {
  const { bytes, file } = archive, { reporter, stall, pause } = options;
  for (let attempt = 1;; attempt++) {
    const before = await fileSize(part), shown = reporter.show(file, bytes);
    shown.at(before);
    const fault = await download({ url, part, bytes, stall, at: shown.at })
      .finally(() => shown.stop());
    const gained = await fileSize(part) > before;
    if (fault === undefined || !gained || attempt === ATTEMPTS) return fault;
    reporter.say(`${url}: ${fault}; asking again`);
    await wait(pause);
  }
}

/** Gets a file from one address; says what is wrong where that does not give the one meant. */
async function getFrom(
  url: string,
  part: string,
  archive: Archive,
  options: FetchOptions,
): Promise<string | undefined> {
  const before = await fileSize(part), { file, bytes } = archive, { say } = options.reporter;
  say(
    `downloading ${url}, ${megabytes(bytes)}${before > 0 ? ` from ${megabytes(before)} on` : ""}`,
  );
  const fault = await getPart(url, part, archive, options) ?? await findFault(part, archive);
  if (fault === undefined || await fileSize(part) < bytes) return fault;
  await Deno.remove(part);
  if (before === 0) return fault;
  // What was there before, from elsewhere, may be to blame.
  say(`${file}: ${fault}; starting again`);
  return getFrom(url, part, archive, options);
}

/**
 * Makes `part` the whole archive, from what it holds already and the first address that gives the
 * remainder. Throws a DataError with what each address did where none gives it.
 */
export async function fetchArchive(
  archive: Archive,
  part: string,
  options: FetchOptions,
): Promise<void> {
  const { file, bytes } = archive, faults: string[] = [];
  if (await fileSize(part) >= bytes) {
    if (await findFault(part, archive) === undefined) return;
    await Deno.remove(part);
  }
  for (const url of options.urls) {
    const fault = await getFrom(url, part, archive, options);
    if (fault === undefined) return;
    faults.push(`${url}: ${fault}`);
    options.reporter.say(faults.at(-1)!);
  }
  const found = faults.length > 0 ? faults.join("; ") : "no mirror to ask";
  throw new DataError(`${file}: expected a mirror that gives it, found none (${found})`);
}
