import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Limits, serve } from "../../../tasks/live/http/serve.ts";
import { Streams } from "../../../tasks/live/streams.ts";
import { pause } from "../../pause.ts";

const QUICK: Limits = { connections: 8, request: 300, write: 300, end: 300 };
const HOST = { hostname: "127.0.0.1", port: 0 };

/** A server, and clients of it. */
function started(handler: (request: Request) => Response, limits = QUICK) {
  const server = serve(HOST, handler, limits), { port } = server;
  const connect = () => Deno.connect({ hostname: "127.0.0.1", port });
  return { server, connect, address: `http://127.0.0.1:${port}/` };
}

const hello = () => new Response("hello\n");
const write = (client: Deno.Conn, text: string) => client.write(new TextEncoder().encode(text));

/** What comes until the server ends the connection. */
async function rest(client: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(2 ** 16), decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const read = await client.read(bytes).catch(() => null);
    if (read === null) return text;
    text += decoder.decode(bytes.subarray(0, read), { stream: true });
  }
}

/** Waits until something is so. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await pause(10);
  assert(holds());
}

Deno.test("a request is answered, with its path, method and headers, and the connection ends", async () => {
  const { server, address } = started((request) =>
    new Response(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("x-a")}`)
  );
  const response = await fetch(`${address}a/b?c`, { method: "PUT", headers: { "x-a": "1, 2" } });
  assertEquals([response.status, await response.text()], [200, "PUT /a/b 1, 2"]);
  assertEquals(response.headers.get("connection"), "close");
  await server.shutdown();
  assertEquals(server.connections, 0);
});

Deno.test("a request may come in pieces, and its client may say no more after it", async () => {
  const { server, connect } = started(hello);
  using client = await connect();
  for (const piece of ["GET / HT", "TP/1.1\r", "\nhost: a\r\n\r", "\n"]) {
    await write(client, piece);
    await pause(5);
  }
  await client.closeWrite();
  assertMatch(await rest(client), /^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n$/);
  await server.shutdown();
});

for (
  const [what, text, status] of [
    ["no HTTP", "\x16\x03\x01 hello\r\n\r\n", 400],
    ["an absolute address", "GET http://evil.example/ HTTP/1.1\r\n\r\n", 400],
    ["a header without a colon", "GET / HTTP/1.1\r\nhost\r\n\r\n", 400],
    ["a forbidden method", "TRACE / HTTP/1.1\r\n\r\n", 400],
    ["an old version", "GET / HTTP/1.0\r\n\r\n", 505],
    ["too many headers", `GET / HTTP/1.1\r\n${"a: b\r\n".repeat(4000)}`, 431],
  ] as const
) {
  Deno.test(`what is no request is refused: ${what}`, async () => {
    const { server, connect } = started(hello);
    using client = await connect();
    await write(client, text);
    assertStringIncludes(await rest(client), `HTTP/1.1 ${status} `);
    await server.shutdown();
  });
}

Deno.test("a handler that fails is answered 500", async () => {
  const { server, address } = started(() => {
    throw new Error("no");
  });
  const response = await fetch(address);
  assertEquals([response.status, await response.text()], [500, ""]);
  await server.shutdown();
});

Deno.test("connections that send nothing, or a byte now and then, are closed after a time", async () => {
  const { server, connect } = started(hello), start = performance.now();
  using idle = await connect();
  using slow = await connect();
  const dripping = (async () => {
    for (const letter of "GET / HTTP/1.1\r\nhost: localhost\r\nx: ".padEnd(400, "y")) {
      await write(slow, letter);
      await pause(20);
    }
  })().catch(() => {});
  assertEquals(await Promise.all([rest(idle), rest(slow)]), ["", ""]);
  assert(performance.now() - start < 3000);
  assertEquals(server.connections, 0);
  await dripping;
  await server.shutdown();
});

Deno.test("idle connections by the hundred neither end the server nor keep others out", async () => {
  const { server, connect, address } = started(hello, { ...QUICK, request: 60_000 });
  const idle: Deno.Conn[] = [];
  for (let i = 0; i < 300; i++) idle.push(await connect());
  assert(server.connections <= QUICK.connections);
  for (let i = 0; i < 10; i++) assertEquals(await (await fetch(address)).text(), "hello\n");
  idle.forEach((client) => client.close());
  await server.shutdown();
});

Deno.test("idle connections do not end streams of events", async () => {
  const streams = new Streams();
  const { server, connect, address } = started(() =>
    new Response(streams.open("first"), { headers: { "content-type": "text/event-stream" } })
  );
  const reader = (await fetch(address)).body!.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, "first");
  const idle = await Promise.all(Array.from({ length: 30 }, connect));
  await pause(50);
  streams.send("second");
  assertEquals((await reader.read()).value, "second");
  await reader.cancel();
  // Nothing is sent any more: that the reader has left is noticed in spite of that.
  await until(() => streams.count === 0);
  idle.forEach((client) => client.close());
  await server.shutdown();
});

Deno.test("a reader that takes nothing is dropped after a time", async () => {
  const { server, connect } = started(() => new Response(new Uint8Array(2 ** 26)));
  using client = await connect();
  await write(client, "GET / HTTP/1.1\r\n\r\n");
  await until(() => server.connections === 1);
  await until(() => server.connections === 0);
  await server.shutdown();
});

Deno.test("a reader whose queue of events is full is dropped at once", async () => {
  const streams = new Streams();
  const { server, connect } = started(
    () => new Response(streams.open("first"), { headers: { "content-type": "text/event-stream" } }),
    { ...QUICK, write: 60_000 },
  );
  using client = await connect();
  await write(client, "GET / HTTP/1.1\r\n\r\n");
  await until(() => streams.count === 1);
  const text = "x".repeat(2 ** 20);
  for (let i = 0; i < 100 && streams.count > 0; i++) {
    streams.send(text);
    await pause(1);
  }
  assertEquals(streams.count, 0);
  await until(() => server.connections === 0);
  await server.shutdown();
});

Deno.test("a server that ends lets no idle connection keep it", async () => {
  const { server, connect } = started(hello, { ...QUICK, request: 60_000 });
  using _idle = await connect();
  await until(() => server.connections === 1);
  await server.shutdown();
  assertEquals(server.connections, 0);
});
