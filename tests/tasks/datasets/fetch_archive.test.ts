import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DataError } from "../../../src/data/mod.ts";
import { fetchArchive } from "../../../tasks/datasets/fetch_archive.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ANSWERS, type Behavior, listener, mirrorOf, nobody, noise, sumOf } from "./mirrors.ts";

const FILE = noise(100_000), SUM = sumOf("data.gz", FILE);
const flipped = FILE.map((byte) => byte ^ 1);

/** Fetches from mirrors that answer so, from what is there before. */
async function fetched(mirrors: readonly (readonly Behavior[])[], before?: Uint8Array) {
  await using folder = await folderOf(before ? { "data.gz.part": before } : {});
  await using stack = new AsyncDisposableStack();
  const servers = mirrors.map((each) => stack.use(mirrorOf({ "data.gz": FILE }, ...each)));
  const urls = servers.map(({ url }) => `${url}data.gz`), part = `${folder.path}/data.gz.part`;
  const reporter = listener(), options = { urls, reporter, stall: 0.3, pause: 0 };
  const error = await fetchArchive({ ...SUM, urls }, part, options).catch((error) => error);
  const there = await Deno.readFile(part).catch(() => undefined);
  const message = error && urls.reduce((text, url, i) => text.replaceAll(url, `M${i}`), `${error}`);
  return {
    message,
    there,
    requests: servers.map((server) => server.requests),
    said: reporter.said,
  };
}

const { right, whole, truncated, short, wrong, stalled, absent } = ANSWERS;

Deno.test("fetchArchive() uses the first mirror that works, and tries no other", async () => {
  const { message, there, requests } = await fetched([[right], [right]]);
  assertEquals([message, there], [undefined, FILE]);
  assertEquals(requests, [["data.gz"], []]);
});

Deno.test("fetchArchive() tries the next mirror on 404", async () => {
  const { message, there, requests } = await fetched([[absent], [right]]);
  assertEquals([message, there], [undefined, FILE]);
  assertEquals(requests, [["data.gz"], ["data.gz"]]);
});

Deno.test("fetchArchive() requests the remainder from a mirror whose connection broke", async () => {
  const { message, there, requests, said } = await fetched([[truncated, right]]);
  assertEquals([message, there], [undefined, FILE]);
  assertEquals(requests, [["data.gz", "data.gz bytes=50000-"]]);
  assertStringIncludes(said[1]!, "expected 100000 bytes, found the end after 50000; trying again");
});

Deno.test("fetchArchive() takes the remainder from another mirror where one stays truncated", async () => {
  const { message, there, requests } = await fetched([[truncated], [right]]);
  assertEquals([message, there], [undefined, FILE]);
  assertEquals(requests[1], ["data.gz bytes=50000-"]);
});

Deno.test("fetchArchive() takes the remainder from another mirror where one stalls", async () => {
  const { message, there, requests } = await fetched([[stalled], [right]]);
  assertEquals([message, there], [undefined, FILE]);
  assertEquals(requests[1], ["data.gz bytes=50000-"]);
});

Deno.test("fetchArchive() discards a wrong file, and tries the next mirror", async () => {
  const { message, there, requests, said } = await fetched([[wrong], [right]]);
  assertEquals([message, there], [undefined, FILE]);
  assertEquals(requests, [["data.gz"], ["data.gz"]]);
  const found = sumOf("", flipped).sha256;
  assertStringIncludes(said[1]!, `expected SHA-256 ${SUM.sha256}, found ${found}`);
});

Deno.test("fetchArchive() starts over where the partial file was wrong", async () => {
  const { message, there, requests, said } = await fetched([[right]], flipped.slice(0, 40_000));
  assertEquals([message, there], [undefined, FILE]);
  assertEquals(requests, [["data.gz bytes=40000-", "data.gz"]]);
  assertStringIncludes(said[0]!, "100.0 kB from 40.0 kB on");
});

Deno.test("fetchArchive() requests nothing where the file is complete", async () => {
  const { message, requests } = await fetched([[absent]], FILE);
  assertEquals([message, requests], [undefined, [[]]]);
});

Deno.test("fetchArchive() replaces a complete file with a wrong checksum", async () => {
  const { message, there } = await fetched([[whole]], flipped);
  assertEquals([message, there], [undefined, FILE]);
});

Deno.test("fetchArchive() reports each mirror's error where all fail", async () => {
  const { message, there } = await fetched([[absent], [short], [wrong]]);
  const found = sumOf("", flipped).sha256;
  assertEquals(
    message,
    "DataError: data.gz: expected a mirror that has it, found none (" +
      "M0: expected the file, found HTTP 404 Not Found; " +
      "M1: expected 100000 bytes, found 50000; " +
      `M2: expected SHA-256 ${SUM.sha256}, found ${found})`,
  );
  assertEquals(there, undefined);
});

Deno.test("fetchArchive() reports a missing network, and a missing mirror", async () => {
  await using folder = await folderOf({});
  const fetch = (...urls: string[]) => {
    const options = { urls, reporter: listener(), stall: 5, pause: 0 };
    return fetchArchive({ ...SUM, urls }, `${folder.path}/part`, options);
  };
  const { host } = new URL(nobody());
  await assertRejects(
    () => fetch(`http://${host}/a`, `http://${host}/b`),
    DataError,
    `no network to download data.gz: no answer from ${host}`,
  );
  await assertRejects(() => fetch(), DataError, "found none (no mirror to ask)");
});
