/**
 * Images in Winograd's domain: the transformed blocks of a range, with what is known of their flat windows.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { KernelContext } from "../../../kernel.ts";
import { countBlockProducts, F4 } from "./algorithm.ts";
import { blockReader } from "./block_reader.ts";
import { type BlockRange, type Blocks, eachBlock, eachImage } from "./blocks.ts";
import { type FlatBlocks, flatBlocks } from "./flat_blocks.ts";
import { transformBlocks } from "./block_transform.ts";
import {
  type BlockTransform,
  type Domain,
  domainOf,
  domainStrides,
  imageStrides,
} from "./transforms.ts";

/** Transformed blocks. */
export interface ImageDomain {
  readonly domain: Domain;
  /** Bytes of all of them. */
  readonly bytes: number;
  /** The handling of flat windows, if the algorithm needs it, and bytes of what is known of a range's. */
  readonly flat: FlatBlocks | undefined;
  readonly flatBytes: number;
  /** Bytes of the thread's scratch memory, from its start on, that `write` uses. */
  readonly scratch: number;
  /** Transforms the blocks of a range, and records its flat windows at `flags`. */
  write(f: Func, range: BlockRange, to: Local, flags: Local): void;
}

/** The domain of a convolution's first argument, for `capacity` blocks. */
export function imageDomain(
  context: KernelContext,
  g: ConvGeometry,
  blocks: Blocks,
  capacity: number,
): ImageDomain {
  const { algorithm } = blocks, { x } = algorithm;
  const image = blockReader(context, g, blocks, context.operands[0], ({ size }) => size, 0);
  const domain = domainOf(capacity, g.channels);
  const flat = algorithm === F4 ? flatBlocks(context, g.channels, blocks, image) : undefined;
  const transform: BlockTransform = {
    name: "input",
    blocks,
    channels: g.channels,
    from: imageStrides(algorithm, image),
    to: domainStrides(domain, x.size, blocks),
  };
  return {
    domain,
    bytes: Math.ceil(countBlockProducts(algorithm) * domain.product / 64) * 64,
    flat,
    flatBytes: Math.ceil((flat?.bytes ?? 0) / 64) * 64,
    scratch: image.bytes,
    write(f, range, to, flags) {
      const [from, at, block] = f.locals("i32", 3), { first, rows } = range;
      const finder = flat?.finder(f);
      f.get(to).set(at);
      finder?.begin(flags);
      eachImage(f, range, (n) => {
        image.point(f, { image: n, first, rows, pointer: from });
        transformBlocks(f, context, transform, { from, to: at, rows, first });
        f.get(rows).times(transform.to.line).get(at).op("i32.add").set(at);
        if (!finder) return;
        f.get(from).set(block);
        const pointers = [{ ...transform.from, pointer: block }];
        eachBlock(f, blocks, rows, pointers, (row, column) => {
          const place = { row: () => f.get(row, first).op("i32.add"), column: () => f.get(column) };
          finder.find(block, place);
        });
      });
      finder?.end(flags);
    },
  };
}
