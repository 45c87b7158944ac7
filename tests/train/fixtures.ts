import type { Dataset } from "../../src/data/dataset.ts";
import { prepareMnist } from "../../src/data/preprocess.ts";
import { conv, dense, dropout, flatten, relu, sequential } from "../../src/nn/mod.ts";
import { type Key, key } from "../../src/random.ts";
import { placeholder } from "../../src/tensor.ts";
import { hash } from "../devices.ts";

/** Rows and columns of a tiny image. */
export const SIZE = 4;

/** Noisy gray images; those of class 1 are bright in the right half, the others in the left. */
export function halves(count: number, seed = 0): Dataset {
  const pixels = SIZE * SIZE;
  const images = Uint8Array.from({ length: count * pixels }, (_, at) => {
    const image = Math.floor(at / pixels), right = at % SIZE >= SIZE / 2;
    const noise = hash(at, seed) % 80;
    return (right === (image % 2 === 1) ? 150 : 20) + noise;
  });
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  return {
    name: "halves",
    images,
    labels,
    count,
    height: SIZE,
    width: SIZE,
    channels: 1,
    classes: 2,
  };
}

/** Training and test images of {@linkcode halves}. */
export const tinySplits = (train: number, test: number) =>
  prepareMnist(halves(train), halves(test, 1));

/** A net of a convolution and a dense layer, with dropout where a rate is given. */
export const tinyNet = (rate = 0) =>
  sequential(conv(3, 3, { padding: 1 }), relu, flatten, dropout(rate), dense(2));

/** Initial parameters of {@linkcode tinyNet}. */
export const tinyParams = (net = tinyNet(), of: Key = key(3)) =>
  net.init(of, placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));

/** A signal that ends a training after its first step: `fit` looks at it before the first and after each. */
export function signalAfterAStep(): AbortSignal {
  let looks = 0;
  return {
    get aborted() {
      return looks++ > 0;
    },
  } as AbortSignal;
}
