/**
 * Uniformly distributed orthonormal matrices, as products of random Householder reflections made from
 * Gaussian matrices. Only matrix products are used, so that it runs under `jit` on every device.
 *
 * The QR decomposition of a Gaussian matrix, with a positive diagonal of R, gives a uniformly distributed
 * Q. After one reflection the remaining matrix is Gaussian again, independent of that reflection, so each
 * reflection can be drawn from its own column instead of sequentially: Stewart, "The efficient generation
 * of random orthogonal matrices" (1980). Their product is I - V T Vᵀ, where T is the inverse of the upper
 * triangle of VᵀV with its diagonal halved: Puglisi, "Modification of the Householder method based on the
 * compact WY representation" (1992).
 *
 * @module
 */
import { add, cast, concat, equal, iota, less, lessEqual, neg, sub } from "../../ops/mod.ts";
import { abs, broadcastTo, matmul, mul, pad, reshape, slice } from "../../ops/mod.ts";
import { div, sqrt, sum, transpose, where } from "../../ops/mod.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** Triangular matrices up to this size are inverted by powers, larger ones recursively in halves. */
const SMALL = 8;

/** The identity matrix, [n, m]. */
const eye = (n: number, m = n): Tensor => cast(equal(reshape(iota(n), [n, 1]), iota(m)), "f32");

/** The diagonals of matrices [count, n, m], n ≥ m: [count, 1, m]. */
function diagonal(x: Tensor): Tensor {
  const [count, , m] = x.shape as [number, number, number];
  const square = reshape(slice(x, [0, 0, 0], [count, m, m]), [count, m * m]);
  return reshape(slice(square, [0, 0], [count, m * m], [1, m + 1]), [count, 1, m]);
}

/** The diagonal blocks of a size of matrices [count, n, n]: [count · n / size, size, size]. */
function diagonalBlocks(x: Tensor, size: number): Tensor {
  const [count, n] = x.shape as [number, number];
  if (n === size) return x;
  // Rows of blocks, each extended by one block, so that the diagonal block comes first.
  const flat = pad(reshape(x, [count, n * n]), [[0, 0], [0, n]]);
  const rows = reshape(flat, [count, n / size, size * n + size]);
  const first = reshape(slice(rows, [0, 0, 0], [count, n / size, size * n]), [-1, size, n]);
  return slice(first, [0, 0, 0], [first.shape[0]!, size, size]);
}

/** The inverses of I + x, where x [count, n, n] is strictly upper triangular, n ≤ {@linkcode SMALL}. */
function invertSmall(x: Tensor): Tensor {
  const n = x.shape[1]!, one = eye(n);
  let inverse = sub(one, x), power = x;
  // (I + x)(I - x)(I + x²)(I + x⁴)… = I - x^(2^k), and a power from n on is zero.
  for (let exponent = 2; exponent < n; exponent *= 2) {
    power = matmul(power, power);
    inverse = matmul(inverse, add(one, power));
  }
  return inverse;
}

/** The inverses of I + x, where x [count, n, n] is strictly upper triangular. */
function invertTriangle(x: Tensor): Tensor {
  const [count, n] = x.shape as [number, number];
  const halvings = Math.max(0, Math.ceil(Math.log2(n / SMALL)));
  const small = Math.ceil(n / 2 ** halvings), whole = small * 2 ** halvings;
  const padded = pad(x, [[0, 0], [0, whole - n], [0, whole - n]]);
  let inverse = invertSmall(diagonalBlocks(padded, small));
  for (let size = small; size < whole; size *= 2) {
    // The inverse of [A, B; 0, C] is [A⁻¹, -A⁻¹BC⁻¹; 0, C⁻¹].
    const above = slice(diagonalBlocks(padded, 2 * size), [0, 0, size], [
      count * whole / (2 * size),
      size,
      2 * size,
    ]);
    const pairs = reshape(inverse, [-1, 2, size, size]);
    const [first, second] = [0, 1].map((k) =>
      reshape(slice(pairs, [0, k], [pairs.shape[0]!, k + 1]), [-1, size, size])
    ) as [Tensor, Tensor];
    const corner = neg(matmul(matmul(first, above), second));
    inverse = concat([
      concat([first, corner], 2),
      pad(second, [[0, 0], [0, 0], [size, 0]]),
    ], 1);
  }
  return slice(inverse, [0, 0, 0], [count, n, n]);
}

/** Orthonormal columns from Gaussian x [count, n, m], n ≥ m. */
function columns(x: Tensor): Tensor {
  const [count, n, m] = x.shape as [number, number, number];
  const row = reshape(iota(n), [n, 1]), column = iota(m);
  const repeat = (t: Tensor) => broadcastTo(t, x.shape);
  const below = where(broadcastTo(lessEqual(column, row), x.shape), x, 0);
  const norm = sqrt(sum(mul(below, below), 1, { keep: true })), first = diagonal(x);
  const signs = where(less(first, 0), -1, 1);
  // Column j, from row j on, is reflected onto axis j: v is the normalized sum of the column and the axis
  // times its norm.
  const tip = add(first, mul(signs, norm));
  const scale = sqrt(mul(mul(norm, 2), add(norm, abs(first))));
  const v = div(where(broadcastTo(equal(row, column), x.shape), repeat(tip), below), repeat(scale));
  const gram = matmul(transpose(v, [0, 2, 1]), v);
  const isAbove = broadcastTo(less(reshape(iota(m), [m, 1]), column), gram.shape);
  const inverse = invertTriangle(where(isAbove, mul(gram, 2), 0));
  const top = transpose(slice(v, [0, 0, 0], [count, m, m]), [0, 2, 1]);
  const reflected = matmul(v, matmul(inverse, top));
  // The sign of each column makes the diagonal of R positive.
  return mul(sub(mul(reflected, 2), eye(n, m)), repeat(signs));
}

/**
 * Orthonormal matrices from Gaussian x [count, n, m], times `gain`, reshaped to `shape`: orthonormal
 * columns, or rows if n < m. |XᵀX - I| stays below 1e-5 in float32, since reflections are by unit vectors
 * and the triangular matrix is well conditioned.
 */
export function orthonormalColumns(x: Tensor, gain: number, shape: Shape): Tensor {
  const [, n, m] = x.shape as [number, number, number];
  const tall = (x: Tensor) => n < m ? transpose(x, [0, 2, 1]) : x;
  return reshape(mul(tall(columns(tall(x))), gain), shape);
}
