import { assert, assertEquals } from "@std/assert";
import { eventTurn } from "../../src/platform/event_turn.ts";

Deno.test("a turn lets events be dispatched that promises alone do not wait for", async () => {
  const seen: string[] = [], { port1, port2 } = new MessageChannel();
  port1.onmessage = () => void seen.push("message");
  port2.postMessage(0);
  for (let i = 0; i < 100; i++) await Promise.resolve();
  assertEquals(seen, []);
  for (let i = 0; i < 100 && seen.length === 0; i++) await eventTurn();
  assertEquals(seen, ["message"]);
  port1.close();
  port2.close();
});

Deno.test("turns keep no memory", async () => {
  const turns = async (n: number) => {
    for (let i = 0; i < n; i++) await eventTurn();
    return Deno.memoryUsage().rss;
  };
  const before = await turns(5000), after = await turns(20_000);
  const kept = (after - before) / 20_000;
  assert(kept < 1000, `expected less than 1,000 bytes per turn, found ${kept}`);
});
