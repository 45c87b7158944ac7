/**
 * Transforms of all blocks of an image: in native code, or by a function for each block.
 *
 * @module
 */
import type { KernelContext } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { bySize, eachBlock } from "./blocks.ts";
import { transformNatively } from "./native_transforms.ts";
import { blockFunction, type BlockTransform } from "./transforms.ts";

/** The first block, where its transform is stored, the rows of blocks, and the number of the first. */
export type BlocksAt = Readonly<Record<"from" | "to" | "rows" | "first", Local>>;

/** Emits code that transforms rows of blocks; the pointers keep their values. */
export function transformBlocks(
  f: Func,
  context: KernelContext,
  transform: BlockTransform,
  { from, to, rows, first }: BlocksAt,
) {
  const { module, features } = context,
    { name, blocks, channels, from: source, to: target } = transform;
  const { algorithm, across, down, lastHeight, lastWidth } = blocks;
  if (module.multiply) {
    const height = f.local("i32"),
      isLast = () => f.get(first, rows).op("i32.add").i32(down).op("i32.eq");
    f.i32(lastHeight).i32(algorithm.y.tile);
    isLast().op("select").set(height);
    transformNatively(
      f,
      module.multiply,
      algorithm,
      name,
      {
        ...{ from, to, rows: { local: rows }, columns: across, channels },
        ...{ lastHeight: { local: height }, lastWidth },
      },
      source,
      target,
    );
    return;
  }
  const [block, out] = f.locals("i32", 2);
  const oneBlock = (height: number, width: number) =>
    module.once(
      JSON.stringify([
        "block",
        algorithm.y.tile,
        algorithm.y.taps,
        { ...transform, blocks: 0 },
        height,
        width,
      ]),
      () => blockFunction(features, algorithm, name, transform, height, width),
    );
  f.get(from).set(block).get(to).set(out);
  eachBlock(f, blocks, rows, [
    { pointer: block, line: source.line, block: source.block },
    { pointer: out, line: target.line, block: target.block },
  ], (row, column) => {
    const { to: height } = algorithm.y[name], { to: width } = algorithm.x[name];
    if (name !== "output") return f.get(block, out).call(oneBlock(height, width));
    const place = { row: () => f.get(row, first).op("i32.add"), column: () => f.get(column) };
    bySize(f, blocks, place, (height, width) => f.get(block, out).call(oneBlock(height, width)));
  });
}
