/**
 * Weights of a convolution of small groups as native code reads them, by panels of a vector of channels: in
 * place for one channel a group, else packed [panel][y][x][k][lane].
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../../ops/conv_geometry.ts";
import { tilesOf, tileWindows } from "../../../native/depthwise_code.ts";
import { VECTOR_SETS } from "../../../native/mod.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../../kernel.ts";
import type { WeightStrides } from "../weights.ts";

/** Where weights are. */
export interface PanelWeights {
  readonly slot: number;
  readonly strides: WeightStrides;
  /** Bytes from panel to panel. */
  readonly panel: number;
  /** Windows of a full tile, and the word that chooses tiles. */
  readonly most: number;
  readonly tiles: number;
  readonly packing: readonly Pass[];
}

/** The weights of a convolution, the second argument. */
export function panelWeights(
  context: KernelContext,
  g: ConvGeometry,
  strides: WeightStrides,
  lanes: number,
): PanelWeights {
  const group = g.groupIn, slot = context.operands[1].slot!;
  const code = {
    most: tileWindows(VECTOR_SETS[context.features.native!], group),
    tiles: tilesOf(group),
  };
  if (group === 1) return { slot, strides, panel: 4 * lanes, packing: [], ...code };
  const tap = group * lanes, panel = countTaps(g) * tap, panels = Math.ceil(g.channels / lanes);
  const packed = context.scratch(panels * panel);
  const packing = pass(panels * g.y.kernel, (f, unit) => {
    const [at, y] = coordinates(f, unit, [panels, g.y.kernel]);
    const [x, k, channel, end, from, to, target] = f.locals("i32", 7);
    f.get(f.base(packed), unit).times(4 * g.x.kernel * tap).op("i32.add").set(to);
    f.count(x, g.x.kernel, () => {
      f.count(k, group, () => {
        f.get(at!).times(lanes).tee(channel).plus(lanes).set(end).atMost(end, g.channels);
        f.get(to).set(target);
        f.while(channel, end, 1, () => {
          f.get(channel).i32(group).op("i32.div_u").times(strides.group);
          f.get(channel).i32(group).op("i32.rem_u").times(strides.out).op("i32.add");
          f.get(y!).times(strides.y).op("i32.add").get(x).times(strides.x).op("i32.add");
          f.get(k).times(strides.channel).op("i32.add").plus(strides.start).times(4);
          f.get(f.base(slot)).op("i32.add").set(from);
          f.get(target, from).access("i32.load").access("i32.store").advance(target, 4);
        });
        f.advance(to, 4 * lanes);
      });
    });
  });
  return {
    slot: packed,
    strides: { start: 0, y: g.x.kernel * tap, x: tap, channel: lanes, group, out: 1 },
    panel: 4 * panel,
    packing: [packing],
    ...code,
  };
}
