import { assertEquals, assertRejects } from "@std/assert";
import { DeferredRelease } from "../../src/memory/deferred_release.ts";

Deno.test("DeferredRelease.release() waits for the last use of a handle", async () => {
  const given: string[] = [];
  const things = new DeferredRelease<string>((thing) => void given.push(thing));
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const uses = [
    things.during(["a", "b"], () => first.promise),
    things.during(["a"], () => second.promise),
  ];
  things.release("a");
  things.release("c");
  assertEquals(given, ["c"]);
  first.resolve();
  await uses[0];
  assertEquals(given, ["c"]);
  second.resolve();
  await uses[1];
  assertEquals(given, ["c", "a"]);
  things.release("b");
  assertEquals(given, ["c", "a", "b"]);
});

Deno.test("DeferredRelease.during() ends the use of handles where it throws", async () => {
  const given: string[] = [];
  const things = new DeferredRelease<string>((thing) => void given.push(thing));
  await assertRejects(
    () => things.during(["a"], () => Promise.reject(new Error("no"))),
    Error,
    "no",
  );
  things.release("a");
  assertEquals(given, ["a"]);
});
