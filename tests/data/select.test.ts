/**
 * Parts of data sets, data sets held out, shuffled, joined and mapped.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  classCounts,
  concat,
  type Dataset,
  holdOut,
  type ImageRequest,
  map,
  shuffle,
  subset,
  testBatches,
} from "../../src/data/mod.ts";
import { pictures } from "./fixtures.ts";

/** Images of one pixel, whose byte is their number. */
const numbered = (labels: Dataset["labels"], classes: number): Dataset => {
  const count = labels instanceof Float32Array ? labels.length / classes : labels.length;
  const images = Uint8Array.from({ length: count }, (_, i) => i);
  return { name: "numbered", images, labels, count, height: 1, width: 1, channels: 1, classes };
};

const numbers = numbered(Float32Array.from({ length: 14 }, (_, i) => i), 2);

Deno.test("subset() takes indices, repeated ones too, or a function", () => {
  const whole = numbered(Uint8Array.of(0, 1, 2, 0, 1), 3);
  const some = subset(whole, [4, 0, 0]);
  assertEquals([[...some.images], [...some.labels], some.count], [[4, 0, 0], [1, 0, 0], 3]);
  assertEquals([...subset(whole, ({ label }) => label === 0).images], [0, 3]);
  assertEquals([...subset(whole, ({ image }, i) => image[0] === i && i > 2).images], [3, 4]);
  assertEquals([...subset(numbers, [2]).labels], [4, 5]);
  assertEquals([...subset(numbers, 2).labels], [0, 1, 2, 3]);
  assertThrows(
    () => subset(whole, [5]),
    RangeError,
    "subset: expected an index to be an integer from 0 to 4, found 5",
  );
  assertThrows(
    () => subset(whole, () => false),
    RangeError,
    "expected at least one image of numbered, found none",
  );
});

Deno.test("shuffle() is a permutation that the seed decides", () => {
  const whole = numbered(Uint8Array.from({ length: 50 }, (_, i) => i), 50), one = shuffle(whole, 3);
  assertEquals([...one.labels], [...one.images]);
  assertEquals([...one.images].sort((a, b) => a - b), [...whole.images]);
  assertEquals(shuffle(whole, 3).images, one.images);
  assert(shuffle(whole, 4).images.join() !== one.images.join());
});

Deno.test("holdOut() holds out the same part of each class, and keeps the order", () => {
  const labels = Uint16Array.from(
    { length: 100 },
    (_, i) => i < 60 ? 0 : i < 90 ? 1 : i < 99 ? 2 : 3,
  );
  const whole = numbered(labels, 4), { train, test } = holdOut(whole, { test: 0.2, seed: 1 });
  assertEquals([classCounts(test), classCounts(train)], [[12, 6, 2, 0], [48, 24, 7, 1]]);
  const both = [...train.images, ...test.images];
  assertEquals(both.toSorted((a, b) => a - b), [...whole.images]);
  for (const { images } of [train, test]) {
    assertEquals(
      [...images],
      [...images].sort((a, b) => a - b),
    );
  }
  const again = holdOut(whole, { test: 20, seed: 1 }),
    other = holdOut(whole, { test: 20, seed: 2 });
  assertEquals(again.test.images, test.images);
  assert(other.test.images.join() !== test.images.join());
  assertEquals(holdOut(whole, { test: 20, stratified: false }).test.count, 20);
});

Deno.test("holdOut() splits numbers, and small classes, and refuses what leaves none", () => {
  const { train, test } = holdOut(numbers, { test: 3 });
  assertEquals([train.count, test.count, train.labels.length], [4, 3, 8]);
  assertEquals([...test.labels], [...test.images].flatMap((i) => [2 * i, 2 * i + 1]));
  assertThrows(
    () => holdOut(numbers, { stratified: true }),
    RangeError,
    "found labels that are numbers",
  );
  const single = numbered(Uint8Array.of(0, 1, 2), 3);
  assertThrows(() => holdOut(single), RangeError, "found one image of each");
  for (const part of [0, 1.5, 3, -1, NaN]) {
    assertThrows(() => holdOut(single, { test: part }), RangeError, `found ${part}`);
  }
  const few = holdOut(numbered(Uint8Array.of(0, 0, 1, 1, 2, 2, 2), 3), { test: 0.5 });
  assertEquals([few.train.count, few.test.count], [3, 4]);
  assertEquals(classCounts(few.train), [1, 1, 1]);
});

Deno.test("concat() joins data sets of one kind, and keeps wide labels", () => {
  const a = numbered(Uint8Array.of(0, 1), 300 - 44), b = numbered(Uint16Array.of(1, 255), 256);
  const both = concat([a, b]);
  assertEquals([[...both.labels], [...both.images], both.count], [[0, 1, 1, 255], [0, 1, 0, 1], 4]);
  assert(both.labels instanceof Uint16Array);
  assertEquals(concat([numbers, numbers]).labels.length, 28);
  assertThrows(
    () => concat([a, numbers]),
    RangeError,
    "concat: expected images of 1 × 1 × 1 with one of 256 classes, as in numbered, found images of 1 × 1 × 1 with 2 numbers in numbered",
  );
  assertThrows(() => concat([]), RangeError, "concat: expected a data set, found none");
});

Deno.test("map() changes images, labels, sizes and names, and leaves the rest", () => {
  const whole = { ...numbered(Uint8Array.of(0, 1, 1), 2), classNames: ["even", "odd"] };
  const twice = map(whole, ({ image }) => ({ image: Uint8Array.of(image[0]!, 9) }), { width: 2 });
  assertEquals([[...twice.images], [...twice.labels], twice.classNames], [
    [0, 9, 1, 9, 2, 9],
    [0, 1, 1],
    ["even", "odd"],
  ]);
  const three = map(whole, (_, i) => ({ label: i }), { classes: 3 });
  assertEquals([[...three.labels], three.classNames], [[0, 1, 2], undefined]);
  const regression = map(whole, ({ label }) => ({ label: [Number(label), 0.5] }), {
    classes: 2,
    classNames: ["a", "b"],
  });
  assertEquals([...regression.labels], [0, 0.5, 1, 0.5, 1, 0.5]);
  assertThrows(
    () => map(whole, () => ({ image: Uint8Array.of(1, 2) })),
    RangeError,
    "map: expected 1 bytes for images of 1 × 1 × 1, found 2 for image 0",
  );
  assertThrows(
    () => map(whole, () => ({ label: 7 })),
    RangeError,
    "expected labels from 0 to 1, found 7",
  );
});

Deno.test("parts of a stream read its images at their places", () => {
  const whole = pictures({ count: 6, height: 1, width: 1, classes: 6 });
  const requested: number[] = [];
  const stream = {
    id: "six",
    open: () => ({
      request: (images: Iterable<ImageRequest>) =>
        requested.push(...[...images].map(({ index }) => index)),
      next: () => Uint8Array.of(requested.shift()!, 0, 0),
      [Symbol.dispose]: () => {},
    }),
  };
  const part = subset({ ...whole, images: new Uint8Array(), stream }, [5, 2, 3]);
  const tables = {
    scale: new Float64Array(3).fill(1),
    offset: new Float64Array(3),
    mean: new Float32Array(3),
  };
  const [batch] = testBatches({ dataset: part, ...tables }, { batch: 3 });
  assertEquals([0, 3, 6].map((i) => batch!.images[i]), [5, 2, 3]);
  assert(part.stream!.id !== stream.id);
  assertThrows(() => subset(part, () => true), RangeError, "subset: expected images in memory");
});

Deno.test("concat() of sets of different sizes keeps every image with its own label", () => {
  const parts = [subset(numbers, [0, 1, 2, 3]), subset(numbers, [6]), subset(numbers, [4, 5])];
  const all = concat(parts);
  assertEquals([...all.images], [0, 1, 2, 3, 6, 4, 5]);
  assertEquals([...all.labels], [...all.images].flatMap((i) => [2 * i, 2 * i + 1]));
});
