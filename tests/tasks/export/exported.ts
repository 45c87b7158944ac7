/**
 * The weights and the pixels that PyTorch had for the golden scores of exported nets.
 *
 * @module
 */
import type { Prepared } from "../../../src/data/mod.ts";
import { prepareFor } from "../../../tasks/models/inputs.ts";
import type { ModelSpec } from "../../../tasks/models/model.ts";
import { fill, filled } from "../../golden/fill.ts";
import type { ExportedNet } from "../../golden/types.ts";
import type { Tuple } from "../../../src/tuple.ts";

/** The weights, in PyTorch's layout. */
export const torchTensors = ({ params }: ExportedNet) =>
  new Map(
    params.map((p) => [
      p.name,
      { shape: p.shape, data: filled(p).map((value) => value + (p.offset ?? 0)) },
    ]),
  );

/** The pixels, ready for the net. */
export function preparedOf(model: ModelSpec, { pixels }: ExportedNet): Prepared {
  const [count, height, width, channels] = pixels.shape as Tuple<number, 4>,
    size = count * height * width * channels;
  const numbers = fill(size, pixels.seed, pixels.scale);
  const images = Uint8Array.from(numbers, (value) => Math.floor(value + 128));
  const sizes = { count, height, width, channels, classes: model.classes };
  return prepareFor(model, { name: "pixels", images, labels: new Uint8Array(count), ...sizes });
}
