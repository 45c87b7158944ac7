/**
 * Downloading an archive from one of several mirrors, and verifying it.
 *
 * @module
 */
import { DataError } from "../../src/data/mod.ts";
import { fileSize, findFault } from "./checksums.ts";
import { download, isUnanswered } from "./download.ts";
import { type DownloadReporter, megabytes } from "./download_progress.ts";
import type { Archive } from "./registry.ts";

/** How an archive is downloaded. */
export interface FetchOptions {
  /** Its addresses, in the order in which they are tried. */
  readonly urls: readonly string[];
  /** Shows the download. */
  readonly reporter: DownloadReporter;
  /** Seconds without a byte after which an attempt is given up. */
  readonly stall: number;
  /** Seconds before an address is tried again. */
  readonly pause: number;
}

/** How often the remainder of a file is requested from an address that sent a part of it. */
const ATTEMPTS = 5;

const wait = (seconds: number) => new Promise((done) => setTimeout(done, 1000 * seconds));

/** Downloads from one address until nothing more arrives; returns what is wrong where the file is not complete. */
async function getPart(url: string, part: string, archive: Archive, options: FetchOptions) {
  const { bytes, file } = archive,
    { reporter, stall, pause } = options,
    start = await fileSize(part);
  let answered: (() => void) | undefined = () => {
    const from = start > 0 ? ` from ${megabytes(start)} on` : "";
    reporter.say(`downloading ${url}, ${megabytes(bytes)}${from}`);
    answered = undefined;
  };
  for (let attempt = 1;; attempt++) {
    const before = await fileSize(part), shown = reporter.show(file, bytes);
    shown.at(before);
    const fault = await download({ url, part, bytes, stall, answered, at: shown.at })
      .finally(() => shown.stop());
    const gained = await fileSize(part) > before;
    if (fault === undefined || !gained || attempt === ATTEMPTS) return fault;
    reporter.say(`${url}: ${fault}; trying again`);
    await wait(pause);
  }
}

/** Downloads a file from one address and verifies it; returns what is wrong, if anything. */
async function getFrom(
  url: string,
  part: string,
  archive: Archive,
  options: FetchOptions,
): Promise<string | undefined> {
  const before = await fileSize(part), { file, bytes } = archive, { say } = options.reporter;
  const fault = await getPart(url, part, archive, options) ?? await findFault(part, archive);
  if (fault === undefined || await fileSize(part) < bytes) return fault;
  await Deno.remove(part);
  if (before === 0) return fault;
  // The part from an earlier attempt may be the damaged one.
  say(`${file}: ${fault}; starting over`);
  return getFrom(url, part, archive, options);
}

/** An address, and what went wrong there. */
interface Failure {
  readonly url: string;
  readonly fault: string;
}

/** Why no address sent the file: one sentence where none answered, as without a network. */
function whyNone(file: string, faults: readonly Failure[]): string {
  const texts = faults.map(({ url, fault }) => `${url}: ${fault}`);
  if (texts.length === 0 || !faults.every(({ fault }) => isUnanswered(fault))) {
    const found = texts.join("; ") || "no mirror to ask";
    return `${file}: expected a mirror that has it, found none (${found})`;
  }
  const hosts = [...new Set(faults.map(({ url }) => new URL(url).host))].join(" and ");
  return `no network to download ${file}: no answer from ${hosts}`;
}

/**
 * Completes `part` to the whole archive, from what it holds already and the first address that sends the
 * remainder. Throws a DataError with each address's error where none does.
 */
export async function fetchArchive(
  archive: Archive,
  part: string,
  options: FetchOptions,
): Promise<void> {
  const { file, bytes } = archive, faults: Failure[] = [];
  if (await fileSize(part) >= bytes) {
    if (await findFault(part, archive) === undefined) return;
    await Deno.remove(part);
  }
  for (const url of options.urls) {
    const fault = await getFrom(url, part, archive, options);
    if (fault === undefined) return;
    faults.push({ url, fault });
    if (!isUnanswered(fault)) options.reporter.say(`${url}: ${fault}`);
  }
  throw new DataError(whyNone(file, faults));
}
