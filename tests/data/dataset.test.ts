import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { classCounts, subset } from "../../src/data/mod.ts";
import { fingerprint } from "../../src/data/fingerprint.ts";
import { pictures } from "./fixtures.ts";

Deno.test("subset() keeps the first images and labels", () => {
  const whole = pictures({ count: 5, height: 2, width: 3 });
  const part = subset(whole, 2);
  assertEquals([part.count, part.images.length, part.labels.length], [2, 2 * 18, 2]);
  assertEquals(part.images, whole.images.slice(0, 36));
});

for (const count of [0, 6, 1.5, NaN]) {
  Deno.test(`subset() throws on ${count} of 5 images`, () => {
    assertThrows(
      () => subset(pictures({ count: 5 }), count),
      RangeError,
      `from 1 to 5, found ${count}`,
    );
  });
}

Deno.test("classCounts() counts every class, absent ones as 0", () => {
  assertEquals(classCounts(pictures({ count: 7, classes: 3 })), [3, 2, 2]);
  assertEquals(classCounts(subset(pictures({ count: 7, classes: 3 }), 1)), [1, 0, 0]);
});

Deno.test("fingerprint() is equal for equal data, and only then", async () => {
  const one = pictures({ count: 3 }), same = { ...pictures({ count: 3 }), name: "others" };
  assertEquals(await fingerprint(one), await fingerprint(same));
  assertEquals((await fingerprint(one)).length, 64);
  const pixel = pictures({ count: 3 }), label = pictures({ count: 3 });
  pixel.images[0]! ^= 1;
  label.labels[2]! ^= 1;
  const reshaped = { ...pictures({ count: 3 }), height: 16, width: 64 };
  for (const other of [pixel, label, reshaped, subset(one, 2)]) {
    assertNotEquals(await fingerprint(one), await fingerprint(other));
  }
});

Deno.test("fingerprint() is the SHA-256 that its documentation describes", async () => {
  const hash = async (bytes: BufferSource) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const { images, labels, ...rest } = pictures({ count: 2, height: 3, width: 4, channels: 1 });
  const line = `2 3 4 1 ${await hash(images)} ${await hash(labels)}`;
  assertEquals(
    await fingerprint({ images, labels, ...rest }),
    await hash(new TextEncoder().encode(line)),
  );
});
