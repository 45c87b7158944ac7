/**
 * Einstein's summation convention, as products of matrices, sums and transposes.
 *
 * @module
 */
import { showValue } from "../host_data.ts";
import { showShape, sizeOf } from "../shape.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkTensor } from "./check.ts";
import { matmul } from "./matmul.ts";
import { sum } from "./reduce.ts";
import { mul } from "./scalar.ts";
import { slice } from "./slice.ts";
import { reshape, transpose } from "./view.ts";

/** An axis: a letter, or a position from the end of an ellipsis. */
type Label = string;

/** A tensor with an axis for each label, none of which repeats. */
interface Term {
  readonly x: Tensor;
  readonly labels: readonly Label[];
}

/** The labels of the axes that an ellipsis stands for, so many of them. */
const ellipsis = (axes: number): Label[] => Array.from({ length: axes }, (_, i) => `…${axes - i}`);

/** The labels of a subscript such as `ab...c`, whose ellipsis stands for so many axes. */
function labelsOf(equation: string, text: string, axes: number): Label[] {
  const parts = text.split("...");
  if (parts.length > 2 || !/^[A-Za-z]*$/.test(parts.join(""))) {
    throw new RangeError(
      `einsum: expected letters and at most one ... for each operand, found "${text}" in "${equation}"`,
    );
  }
  return parts.length === 1 ? [...text] : [...parts[0]!, ...ellipsis(axes), ...parts[1]!];
}

/** An equation: a subscript for each operand, and that of the result unless it is left out. */
function parse(equation: string, operands: number): [inputs: string[], output: string | undefined] {
  if (typeof equation !== "string") {
    throw new TypeError(
      `einsum: expected an equation such as "ij,jk->ik", found ${showValue(equation)}`,
    );
  }
  const [left, output, ...more] = equation.replace(/\s/g, "").split("->") as [string, string?];
  const inputs = left.split(",");
  if (more.length > 0 || inputs.length !== operands) {
    throw new RangeError(
      `einsum: expected one "->" at most and a subscript for each of ${operands} operands, found ${
        JSON.stringify(equation)
      }`,
    );
  }
  return [inputs, output];
}

/** An operand with its labels, checked against its shape. */
function termOf(equation: string, text: string, x: Tensor): Term {
  const letters = text.replace("...", "").length, hasEllipsis = text.includes("...");
  if (hasEllipsis ? x.rank < letters : x.rank !== letters) {
    throw new RangeError(
      `einsum: expected ${hasEllipsis ? "at least " : ""}${letters} axes for "${text}" in ` +
        `"${equation}", found ${showSpec(x)}`,
    );
  }
  return { x, labels: labelsOf(equation, text, x.rank - letters) };
}

/** The diagonal of axes of one label, as one axis at the first one's place. */
function diagonal({ x, labels }: Term): Term {
  const first = labels.findIndex((label, i) => labels.lastIndexOf(label) > i);
  if (first < 0) return { x, labels };
  const second = labels.indexOf(labels[first]!, first + 1), n = x.shape[first]!;
  const order = [...labels.keys()].filter((i) => i !== first && i !== second);
  const rest = order.map((i) => x.shape[i]!);
  const last = transpose(x, [...order, first, second]);
  const square = reshape(last, [...rest, n * n]);
  const line = slice(square, [], [], [...rest.map(() => 1), n + 1]);
  return diagonal({ x: line, labels: [...order.map((i) => labels[i]!), labels[first]!] });
}

/** The size of each label; throws RangeError, naming the letter, where operands disagree. */
function sizesOf(equation: string, terms: readonly Term[]): Map<Label, number> {
  const sizes = new Map<Label, number>();
  for (const { x, labels } of terms) {
    labels.forEach((label, i) => {
      const size = x.shape[i]!, known = sizes.get(label) ?? 1;
      if (size !== 1 && known !== 1 && size !== known) {
        const name = label.startsWith("…") ? "an axis of ..." : `"${label}"`;
        throw new RangeError(
          `einsum: expected ${name} of one size in "${equation}", found ${known} and ${size} in ` +
            terms.map(({ x }) => showShape(x.shape)).join(", "),
        );
      }
      sizes.set(label, Math.max(size, known));
    });
  }
  return sizes;
}

/** A term without the axes of size 1 that broadcast to a larger size. */
function withoutOnes({ x, labels }: Term, sizes: ReadonlyMap<Label, number>): Term {
  const kept = [...labels.keys()].filter((i) => x.shape[i] === sizes.get(labels[i]!));
  return { x: reshape(x, kept.map((i) => x.shape[i]!)), labels: kept.map((i) => labels[i]!) };
}

/** The sum of a term over the labels that are not wanted. */
function sumOut({ x, labels }: Term, wanted: ReadonlySet<Label>): Term {
  const gone = [...labels.keys()].filter((i) => !wanted.has(labels[i]!));
  if (gone.length === 0) return { x, labels };
  return { x: sum(x, gone), labels: labels.filter((label) => wanted.has(label)) };
}

/** A term as a tensor with axes for groups of labels, each the product of their sizes. */
function grouped({ x, labels }: Term, groups: readonly (readonly Label[])[]): Tensor {
  const order = groups.flat().map((label) => labels.indexOf(label));
  const size = (label: Label) => x.shape[labels.indexOf(label)]!;
  return reshape(transpose(x, order), groups.map((group) => sizeOf(group.map(size))));
}

/** The product of two terms, summed over the labels of both that are not wanted. */
function contract(a: Term, b: Term, wanted: ReadonlySet<Label>): Term {
  const left = sumOut(a, new Set([...wanted, ...b.labels]));
  const right = sumOut(b, new Set([...wanted, ...a.labels]));
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => wanted.has(label));
  const summed = shared.filter((label) => !wanted.has(label));
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...rows, ...columns], sizes = new Map<Label, number>();
  for (const { x, labels } of [left, right]) labels.forEach((l, i) => sizes.set(l, x.shape[i]!));
  const product = left.x.dtype === "f32" && summed.length > 0
    ? matmul(grouped(left, [batch, rows, summed]), grouped(right, [batch, summed, columns]))
    : sumOfProducts(
      grouped(left, [batch, rows, summed]),
      grouped(right, [batch, columns, summed]),
    );
  return { x: reshape(product, labels.map((label) => sizes.get(label)!)), labels };
}

/** [batch, m, k] and [batch, n, k] to [batch, m, n], of any type. */
function sumOfProducts(a: Tensor, b: Tensor): Tensor {
  const [batch, m, k] = a.shape as [number, number, number], n = b.shape[1]!;
  return sum(mul(reshape(a, [batch, m, 1, k]), reshape(b, [batch, 1, n, k])), -1);
}

/**
 * Sums of products by Einstein's convention: an equation names the axes of each operand by letters, and of the
 * result; letters that the result has not are summed over. `...` stands for leading axes, which broadcast; a
 * letter twice in one operand is its diagonal; without `->`, the result has the letters that stand once, in
 * alphabetical order, as NumPy's and PyTorch's `einsum`. Operands are multiplied from left to right, in pairs,
 * by products of matrices. An axis of size 1 broadcasts.
 *
 * @throws RangeError on an equation that does not fit the operands, which names the letter.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const a = tensor([[1, 2], [3, 4]]), b = tensor([[5, 6], [7, 8]]);
 * const [product, trace, outer] = await run.read([
 *   ops.einsum("ij,jk->ik", a, b),
 *   ops.einsum("ii", a),
 *   ops.einsum("i,j->ij", tensor([1, 2]), tensor([3, 4])),
 * ]);
 * console.assert(product.join() === "19,22,43,50" && trace[0] === 5 && outer.join() === "3,4,6,8");
 * ```
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  const [inputs, output] = parse(equation, operands.length);
  for (const x of operands) checkTensor("einsum", x);
  const terms = inputs.map((text, i) => termOf(equation, text, operands[i]!));
  const sizes = sizesOf(equation, terms), result = resultLabels(equation, output, terms);
  const wantedBy = (at: number) =>
    new Set([...result, ...terms.slice(at + 1).flatMap(({ labels }) => labels)]);
  const [first, ...rest] = terms.map((term) => withoutOnes(diagonal(term), sizes));
  const made = rest.reduce(
    (product, term, i) => contract(product, term, wantedBy(i + 1)),
    sumOut(first!, wantedBy(0)),
  );
  const order = result.map((label) => made.labels.indexOf(label));
  return transpose(made.x, order);
}

/** The labels of the result; throws RangeError on one that no operand has, or that stands twice. */
function resultLabels(
  equation: string,
  output: string | undefined,
  terms: readonly Term[],
): Label[] {
  const all = terms.flatMap(({ labels }) => labels);
  const isDots = (label: Label) => label.startsWith("…");
  const dots = ellipsis(new Set(all.filter(isDots)).size);
  if (output === undefined) {
    const once = all.filter((label) =>
      !isDots(label) && all.indexOf(label) === all.lastIndexOf(label)
    );
    return [...dots, ...once.sort()];
  }
  const labels = labelsOf(equation, output, dots.length);
  const wrong = labels.find((label, i) => !all.includes(label) || labels.indexOf(label) !== i);
  if (wrong === undefined) return labels;
  throw new RangeError(
    `einsum: expected letters of operands in the result, each once, found "${wrong}" in "${equation}"`,
  );
}
