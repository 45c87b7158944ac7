import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { openLivePage } from "../../../tasks/live/live_page.ts";
import { pause } from "../../pause.ts";
import { epoch, progress, START } from "./event_samples.ts";
import { eventsOf } from "./event_stream.ts";

/** A live page at a port that is free, and its address. */
async function opened() {
  const said: string[] = [];
  const page = await openLivePage({ watch: false, "watch-port": 0 }, {
    print: (line) => said.push(line),
  });
  const [address] = said[0]!.match(/http:\/\/127\.0\.0\.1:\d+\//)!;
  return { page: page!, address, port: Number(new URL(address).port) };
}

const title = (text: string) => ({ kind: "session", facts: { title: text } }) as const;

Deno.test("there is no page without its options", async () => {
  assertEquals(await openLivePage({ watch: false, "watch-port": undefined }), undefined);
});

Deno.test("a port that is taken is named", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await assertRejects(
    () => openLivePage({ watch: true, "watch-port": port }),
    OptionError,
    `--watch-port: expected a free port, found ${port} taken by a program`,
  );
});

Deno.test("the page is served only at this machine's own address", async () => {
  const { page, port } = await opened();
  await using _page = page;
  const others = Deno.networkInterfaces().filter(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.")
  );
  for (const { address } of others) {
    await assertRejects(() => Deno.connect({ hostname: address, port }));
  }
});

Deno.test("a late page gets the whole view, and then changes", async () => {
  const { page, address } = await opened();
  await using early = await eventsOf(address);
  assertEquals((await early.next())?.data.view.status, "preparing");
  page.emit(title("a training"));
  page.emit(START);
  page.emit(progress(1, 3, 0));
  page.emit(progress(50, 2, 100));
  await early.until(({ runs }) => runs[""]?.points.length === 2);

  await using late = await eventsOf(address);
  const first = await late.next();
  assertEquals([first?.name, first?.data.view], ["view", early.view]);
  page.emit(epoch(1, 1.5, 100));
  await Promise.all(
    [early, late].map((each) => each.until(({ runs }) => runs[""]!.rows.length > 0)),
  );
  assertEquals(late.view, early.view);

  page.emit({ kind: "end", status: "finished" });
  await page[Symbol.asyncDispose]();
  await Promise.all([early, late].map((each) => each.until(({ ended }) => ended !== null)));
  assertEquals([early.view.status, await early.next()], ["finished", undefined]);
  await assertRejects(() => fetch(address));
});

Deno.test("a training that ends without an end event has failed", async () => {
  const { page, address } = await opened();
  await using reader = await eventsOf(address);
  page.emit(START);
  await reader.until(({ status }) => status === "running");
  await page[Symbol.asyncDispose]();
  await reader.until(({ ended }) => ended !== null);
  assertEquals(reader.view.status, "failed");
});

Deno.test("a page that does not read is disconnected, and delays no other", async () => {
  const { page, address, port } = await opened(), size = 2 ** 21;
  await using reader = await eventsOf(address);
  using sleeper = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  await sleeper.write(new TextEncoder().encode(request));
  const count = 16;
  for (let i = 1; i <= count; i++) {
    page.emit(title(`${i} ${"x".repeat(size)}`));
    await reader.until(({ title }) => title.startsWith(`${i} `));
  }
  await page[Symbol.asyncDispose]();
  let bytes = 0, last = "";
  const buffer = new Uint8Array(2 ** 20), decoder = new TextDecoder();
  for (;;) {
    const read = await sleeper.read(buffer).catch(() => null);
    if (read === null) break;
    bytes += read;
    last = decoder.decode(buffer.subarray(Math.max(0, read - 5), read));
  }
  assert(bytes > 100 && bytes < count * size, `${bytes} of ${count * size} bytes have been sent`);
  assert(last !== "0\r\n\r\n", "the stream has ended as if it were whole");
});

Deno.test("a sixth page replaces the first, which is told so", async () => {
  const { page, address } = await opened();
  await using _page = page;
  const pages: Awaited<ReturnType<typeof eventsOf>>[] = [];
  for (let i = 0; i < 6; i++) {
    pages.push(await eventsOf(address));
    await pages[i]!.next();
  }
  assertEquals((await pages[0]!.next())?.name, "enough");
  assertEquals(await pages[0]!.next(), undefined);
  page.emit(title("still there"));
  await Promise.all(
    pages.slice(1).map((page) => page.until(({ title }) => title === "still there")),
  );
  for (const page of pages) await page[Symbol.asyncDispose]();
});

Deno.test("invalid events end the page, not the training", async () => {
  const said: string[] = [];
  const page = await openLivePage({ watch: true, "watch-port": 0 }, {
    print: (line) => said.push(line),
  });
  page!.emit(progress(1, 1, 1));
  while (said.length < 2) await pause(10);
  assertStringIncludes(said[1]!, "the live page has ended, training continues: ");
  page!.emit(START);
  await page![Symbol.asyncDispose]();
});
