/**
 * The streams of events to pages: so many at once, and none that does not read.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Streams } from "../../../tasks/live/streams.ts";

/** The next text of a stream; undefined at its end. */
async function next(stream: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const reader = stream.getReader(), { value } = await reader.read();
  reader.releaseLock();
  return value && new TextDecoder().decode(value);
}

Deno.test("a page too many ends the oldest, which is told", async () => {
  const streams = new Streams(), opened: ReadableStream<Uint8Array>[] = [];
  for (let i = 0; i < 6; i++) opened.push(streams.open(`first ${i}`));
  assertEquals(streams.count, 5);
  assertEquals(await next(opened[0]!), "first 0");
  assertEquals(await next(opened[0]!), "event: enough\ndata: null\n\n");
  assertEquals(await next(opened[0]!), undefined);
  streams.send("news");
  assertEquals(await next(opened[1]!), "first 1");
  assertEquals(await next(opened[1]!), "news");
  streams.end();
  assertEquals([streams.count, await next(opened[1]!)], [0, undefined]);
});

Deno.test("a page that does not read is left, and takes no memory without end", async () => {
  const streams = new Streams(), stream = streams.open("first"), news = "x".repeat(2 ** 20);
  for (let i = 0; i < 20 && streams.count > 0; i++) streams.send(news);
  assertEquals(streams.count, 0);
  await assertRejects(
    async () => {
      for (let i = 0; i < 30; i++) assert(await next(stream) !== undefined);
    },
    Error,
    "does not read",
  );
});
