import { assertEquals } from "@std/assert";
import { counted, grouped, plural } from "../src/counted.ts";

Deno.test("counted() takes the noun of one for one, and separates thousands", () => {
  assertEquals([0, 1, 2, 1247].map((n) => counted(n, "epoch")), [
    "0 epochs",
    "1 epoch",
    "2 epochs",
    "1,247 epochs",
  ]);
  assertEquals(counted(1, "class", "classes"), "1 class");
  assertEquals(counted(10, "class", "classes"), "10 classes");
});

Deno.test("grouped() has decimals below ten", () => {
  assertEquals([0.5, 9.876, 12.3, 50_000, -1234].map(grouped), [
    "0.5",
    "9.88",
    "12",
    "50,000",
    "-1,234",
  ]);
});

Deno.test("plural() is the noun alone", () => {
  assertEquals([plural(1, "byte"), plural(1.5, "byte"), plural(0, "byte")], [
    "byte",
    "bytes",
    "bytes",
  ]);
});
