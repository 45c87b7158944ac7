import { assertEquals } from "@std/assert";
import { encode } from "../../../tasks/export/protobuf.ts";
import { decode } from "./protobuf.ts";

Deno.test("encode() writes the examples of the format's description", () => {
  const hex = (bytes: Uint8Array) => bytes.toHex();
  assertEquals(hex(encode({ a: [1, "int"] }, { a: 150 })), "089601");
  assertEquals(hex(encode({ b: [2, "text"] }, { b: "testing" })), "120774657374696e67");
  assertEquals(hex(encode({ c: [3, { a: [1, "int"] }] }, { c: { a: 150 } })), "1a03089601");
  assertEquals(hex(encode({ f: [4, "float"] }, { f: 1 })), "250000803f");
  assertEquals(hex(encode({ e: [5, "int"] }, { e: [1, 2, 3] })), "280128022803");
  assertEquals(hex(encode({ n: [20, "int"], o: [1, "int"] }, { n: 0, o: undefined })), "a00100");
  assertEquals(encode({}, {}).length, 0);
});

Deno.test("encode() keeps large numbers, long texts and bytes", () => {
  const message = { n: [1, "int"], t: [2, "text"], b: [200, "bytes"] } as const;
  const content = {
    n: 2 ** 40 + 5,
    t: "ä".repeat(300),
    b: Uint8Array.from({ length: 1000 }, (_, i) => i),
  };
  assertEquals(decode(message, encode(message, content)), {
    n: [content.n],
    t: [content.t],
    b: [content.b],
  });
});
