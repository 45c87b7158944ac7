/**
 * Packages from npm are imported without noise, and their fetching is said once.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { importPackages } from "../../../tasks/cli/npm.ts";

/** A module that takes some milliseconds to load. */
const slow = (ms: number) =>
  `data:text/javascript,await new Promise((done) => setTimeout(done, ${ms})); export const a = ${ms};`;

async function said(work: () => Promise<unknown>): Promise<unknown[]> {
  const lines: unknown[] = [], { error } = console;
  console.error = (line: unknown) => lines.push(line);
  try {
    await work();
  } finally {
    console.error = error;
  }
  return lines;
}

Deno.test("importPackages() imports packages, and says so where it takes long", async () => {
  const fast = await said(async () => {
    const [a, b] = await importPackages([slow(1), slow(2)]) as { a: number }[];
    assertEquals([a!.a, b!.a], [1, 2]);
  });
  assertEquals(fast, []);
  assertEquals((await said(() => importPackages([slow(1600)]))).length, 1);
  await assertRejects(() => importPackages(["data:text/javascript,throw new Error('no')"]));
});
