import { assert, assertEquals, assertMatch } from "@std/assert";
import { download } from "../../../tasks/datasets/download.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ANSWERS, type Behavior, mirrorOf, nobody, noise } from "./mirrors.ts";

const FILE = noise(100_000), HALF = FILE.length >> 1;

/** Downloads once, from what is there before; what is wrong, what is there then, and the request. */
async function once(behavior: Behavior, before = 0, stall = 10) {
  await using folder = await folderOf(before > 0 ? { part: FILE.slice(0, before) } : {});
  await using mirror = mirrorOf({ file: FILE }, behavior);
  const part = `${folder.path}/part`, reported: number[] = [];
  const fault = await download({
    url: `${mirror.url}file`,
    part,
    bytes: FILE.length,
    stall,
    at: (bytes) => reported.push(bytes),
  });
  const there = await Deno.readFile(part).catch(() => new Uint8Array());
  return { fault, there, reported, requests: mirror.requests };
}

Deno.test("download() writes the file, and reports its progress", async () => {
  const { fault, there, reported } = await once(ANSWERS.right);
  assertEquals([fault, there], [undefined, FILE]);
  assertEquals(reported.at(-1), FILE.length);
});

Deno.test("download() requests only the missing bytes", async () => {
  const { fault, there, requests } = await once(ANSWERS.right, 70_000);
  assertEquals([fault, there], [undefined, FILE]);
  assertEquals(requests, ["file bytes=70000-"]);
});

Deno.test("download() starts over where a mirror does not support ranges", async () => {
  const { fault, there } = await once(ANSWERS.whole, 70_000);
  assertEquals([fault, there], [undefined, FILE]);
});

Deno.test("download() keeps the bytes of a response that ends too early", async () => {
  const { fault, there } = await once(ANSWERS.truncated);
  assertEquals(fault, "expected 100000 bytes, found the end after 50000");
  assertEquals(there, FILE.slice(0, HALF));
});

Deno.test("download() keeps the bytes that came before a connection broke", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4096));
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${FILE.length}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    await connection.write(FILE.slice(0, 1000));
  })();
  await using folder = await folderOf({});
  const part = `${folder.path}/part`, url = `http://127.0.0.1:${listener.addr.port}/file`;
  const fault = await download({ url, part, bytes: FILE.length, stall: 10, at: () => {} });
  await serving;
  assertMatch(fault!, /^expected the whole file, found a broken connection: /);
  assertEquals(await Deno.readFile(part), FILE.slice(0, 1000));
});

Deno.test("download() gives up a mirror that stalls, and keeps its bytes", async () => {
  const began = performance.now();
  const { fault, there } = await once(ANSWERS.stalled, 0, 0.3);
  assertEquals(fault, "expected bytes, found none for 0.3 seconds");
  assertEquals(there, FILE.slice(0, HALF));
  assert(performance.now() - began < 10_000);
});

Deno.test("download() changes nothing where the response is not the file", async () => {
  const other: Behavior = () =>
    new Response(FILE.slice(1), {
      status: 206,
      headers: { "content-range": `bytes 1-${FILE.length - 1}/${FILE.length}` },
    });
  const faults = [
    [ANSWERS.absent, "expected the file, found HTTP 404 Not Found"],
    [ANSWERS.short, "expected 100000 bytes, found 50000"],
    [other, "expected bytes from 70000, found Content-Range bytes 1-99999/100000"],
  ] as const;
  for (const [behavior, says] of faults) {
    const { fault, there } = await once(behavior, 70_000);
    assertEquals([fault, there], [says, FILE.slice(0, 70_000)]);
  }
});

Deno.test("download() discards a response that is too long", async () => {
  const { fault, there } = await once(ANSWERS.longer);
  assertEquals([fault, there.length], ["expected 100000 bytes, found more", 0]);
});

Deno.test("download() reports a server that does not answer", async () => {
  await using folder = await folderOf({});
  const request = { part: `${folder.path}/part`, bytes: 9, stall: 10, at: () => {} };
  const fault = await download({ ...request, url: `${nobody()}file` });
  assertMatch(fault!, /^expected an answer, found none: tcp connect error: /);
});
