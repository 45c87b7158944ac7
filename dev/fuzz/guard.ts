/**
 * A worker that looks at the memory of its process, and says when it is too much.
 *
 * @module
 */
import { type GuardRequest, say } from "./messages.ts";

const port = self as unknown as {
  onmessage: ((event: MessageEvent<GuardRequest>) => void) | null;
  postMessage(message: null): void;
};

port.onmessage = ({ data: { memory, every } }) => {
  const timer = setInterval(() => {
    if (Deno.memoryUsage().rss <= memory * 2 ** 20) return;
    say({ kind: "memory" });
    clearInterval(timer);
  }, every);
  port.postMessage(null);
};
