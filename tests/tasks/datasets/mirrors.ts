import { createHash } from "node:crypto";
import type { Checksum } from "../../../tasks/datasets/registry.ts";
import type { DownloadReporter } from "../../../tasks/datasets/download_progress.ts";
import { folderOf } from "../../data/fixtures.ts";

/** How a mirror answers a request for a file of these bytes. */
export type Behavior = (bytes: Uint8Array<ArrayBuffer>, request: Request) => Response;

const half = (bytes: Uint8Array) => bytes.slice(0, bytes.length >> 1);

/** Some bytes, then what `end` does. */
const begun = (bytes: Uint8Array, end: (stream: ReadableStreamDefaultController) => void) =>
  new Response(
    new ReadableStream({
      start(stream) {
        stream.enqueue(bytes);
        end(stream);
      },
    }),
  );

/** Ways to answer. */
export const ANSWERS = {
  /** The file, or the part of it that is asked for. */
  right: (bytes, request) => {
    const from = Number(request.headers.get("range")?.match(/^bytes=(\d+)-$/)?.[1] ?? 0);
    if (from === 0) return new Response(bytes);
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    return new Response(bytes.slice(from), { status: 206, headers: { "content-range": range } });
  },
  /** The file from its beginning, whatever is asked for. */
  whole: (bytes) => new Response(bytes),
  /** Half of the file, as if that were all; its length is not said. */
  truncated: (bytes) => begun(half(bytes), (stream) => stream.close()),
  /** Half of the file, whose length is said. */
  short: (bytes) => new Response(half(bytes)),
  /** Other bytes, as many. */
  wrong: (bytes) => new Response(bytes.map((byte) => byte ^ 1)),
  /** Half of the file, then nothing. */
  stalled: (bytes) => begun(half(bytes), () => {}),
  /** More bytes than the file has. */
  longer: (bytes) => begun(new Uint8Array(bytes.length + 1), (stream) => stream.close()),
  /** No such file. */
  absent: () => new Response("no such file", { status: 404, statusText: "Not Found" }),
} as const satisfies Record<string, Behavior>;

/** A mirror on this machine; answers its i-th request as the i-th behavior says, later ones as the last. */
export function mirrorOf(files: Record<string, Uint8Array>, ...behaviors: Behavior[]) {
  const requests: string[] = [], controller = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: controller.signal, onListen: () => {} },
    (request) => {
      const name = new URL(request.url).pathname.slice(1), bytes = files[name];
      const answer = behaviors[Math.min(requests.length, behaviors.length - 1)]!;
      requests.push([name, request.headers.get("range")].filter(Boolean).join(" "));
      return bytes ? answer(bytes as Uint8Array<ArrayBuffer>, request) : ANSWERS.absent();
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    /** The files asked for, each with the range. */
    requests,
    [Symbol.asyncDispose]: async () => {
      controller.abort();
      await server.finished;
    },
  };
}

/** An address at which nobody listens. */
export function nobody(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${listener.addr.port}/`;
}

/** What a file of these bytes must be. */
export const sumOf = (file: string, bytes: Uint8Array): Checksum => ({
  file,
  bytes: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});

/** Bytes without a pattern, so that packing does not make them fewer. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from(
    { length },
    () => (state = Math.imul(state, 1664525) + 1013904223 | 0) >>> 24,
  );
}

/** The bytes of a `.tar.gz` of a folder with these files. */
export async function packed(folder: string, files: Record<string, Uint8Array>) {
  await using at = await folderOf(
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes])),
  );
  const args = ["-c", "-z", "-f", "-", folder];
  const { success, stdout } = await new Deno.Command("tar", { args, cwd: at.path }).output();
  if (!success) throw new Error("expected tar to pack, found a failure");
  return stdout;
}

/** Collects what is said. */
export function listener(): DownloadReporter & { readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    say: (line) => void said.push(line),
    show: () => ({ at: () => {}, stop: async () => {} }),
  };
}
