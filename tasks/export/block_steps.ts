/**
 * Layers with inner layers that are all applied to one x.
 *
 * @module
 */
import { integers, type Node, type ToNodes } from "./onnx_node.ts";
import { chain } from "./onnx_chain.ts";
import type { At, ExportStep, ToParts, ToSteps } from "./step.ts";

/** How a kind of block is exported. */
interface Block {
  /** Its name in a module, before its number. */
  readonly name: string;
  readonly needs: NonNullable<ExportStep["needs"]>;
  /** The names of its parts. */
  readonly parts: (at: At) => readonly string[];
  /** Its arguments in Python beside the parts. */
  readonly settings?: (at: At) => string;
  /** Its nodes after those of the parts, from their outputs. */
  readonly join: (
    at: At,
    values: { readonly name: string; readonly x: string; readonly y: string },
    outputs: readonly string[],
  ) => Node[];
}

const node = (opType: string, name: string, input: readonly string[], output: string): Node => ({
  opType,
  name,
  input,
  output: [output],
});

const strideOf = ({ layer }: At): number => (layer.options?.stride as number | undefined) ?? 1;

/** The nodes that make a residual unit's shortcut of the size of its output; the value's name is the last's. */
function shortcut(at: At, name: string, x: string): Node[] {
  const stride = strideOf(at), more = at.y.shape.at(-1)! - at.x.shape.at(-1)!;
  const some = `${name}.some`, all = `${name}.all`;
  const every = stride === 1 ? [] : [
    integers(`${name}.starts`, [0, 0]),
    integers(`${name}.ends`, at.x.shape.slice(1, 3)),
    integers(`${name}.axes`, [2, 3]),
    integers(`${name}.steps`, [stride, stride]),
    node(
      "Slice",
      some,
      [x, ...["starts", "ends", "axes", "steps"].map((n) => `${name}.${n}`)],
      some,
    ),
  ];
  const wider = more === 0 ? [] : [
    integers(`${name}.pads`, [0, 0, 0, 0, 0, more, 0, 0]),
    node("Pad", all, [stride === 1 ? x : some, `${name}.pads`], all),
  ];
  return [...every, ...wider];
}

const RESIDUAL: Block = {
  name: "residual",
  needs: "Residual",
  parts: () => ["branch"],
  settings: (at) => strideOf(at) === 1 ? "" : String(strideOf(at)),
  join: (at, { name, x, y }, [branch]) => {
    const passed = shortcut(at, name, x);
    return [...passed, node("Add", name, [passed.at(-1)?.output[0] ?? x, branch!], y)];
  },
};

/** The blocks by kind. */
const BLOCKS: Readonly<Record<string, Block>> = {
  residual: RESIDUAL,
  residualUnit: RESIDUAL,
  concat: {
    name: "concat",
    needs: "Concat",
    parts: ({ layer }) => layer.layers!.map((_, i) => `branch${i + 1}`),
    join: (_, { name, y }, outputs) => [
      { ...node("Concat", name, outputs, y), attributes: { axis: 1 } },
    ],
  },
  highway: {
    name: "highway",
    needs: "Highway",
    parts: () => ["h", "gate"],
    join: (_, { name, x, y }, [h, gate]) => [
      node("Sigmoid", `${name}.t`, [gate!], `${name}.t`),
      node("Sub", `${name}.difference`, [h!, x], `${name}.difference`),
      node("Mul", `${name}.part`, [`${name}.t`, `${name}.difference`], `${name}.part`),
      node("Add", name, [x, `${name}.part`], y),
    ],
  },
};

const blockNodes =
  (at: At, parts: Readonly<Record<string, readonly ExportStep[]>>, block: Block): ToNodes =>
  (name, x, y) => {
    const outputs = Object.keys(parts).map((part) => `${name}.${part}.value`);
    const inner = Object.values(parts).flatMap((steps, i) => chain(steps, x, outputs[i]!));
    return [...inner, ...block.join(at, { name, x, y }, outputs)];
  };

/** Makes the step of a kind of block from the steps of its parts. */
const blockSteps = (block: Block, toParts: ToParts): ToSteps => (at) => {
  const name = at.names.next(block.name);
  const parts = toParts({ ...at, name }, block.parts(at));
  return [{
    name,
    torch: `${block.needs}(${block.settings?.(at) ?? ""})`,
    needs: block.needs,
    parts,
    weights: [],
    onnx: blockNodes(at, parts, block),
  }];
};

/** A companion: its head is kept for PyTorch, where it can be trained; in ONNX nothing is left of it. */
const companionSteps = (toParts: ToParts): ToSteps => (at) => {
  const name = at.names.next("companion");
  return [{
    name,
    torch: `Companion(${at.layer.side!.weight})`,
    needs: "Companion",
    parts: toParts({ ...at, name }, ["head"]),
    weights: [],
    onnx: (name, x, y) => [node("Identity", name, [x], y)],
  }];
};

/** How each kind of block is exported, given how its parts are. */
export const blockKinds = (toParts: ToParts): Readonly<Record<string, ToSteps>> => ({
  ...Object.fromEntries(
    Object.entries(BLOCKS).map(([kind, block]) => [kind, blockSteps(block, toParts)]),
  ),
  companion: companionSteps(toParts),
});
