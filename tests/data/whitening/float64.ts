/**
 * ZCA whitening in float64, by the eigenvalues that pylearn2 takes.
 *
 * @module
 */

/** The eigenvalues of a symmetric matrix and its eigenvectors, as columns, by Jacobi's rotations. */
export function symmetricEigen(matrix: readonly (readonly number[])[]) {
  const n = matrix.length, a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((_, j) => Number(i === j)));
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p]![q]!;
        if (Math.abs(off) < 1e-300) continue;
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * off);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1), s = t * c;
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k]![p]!, a[k]![q]!];
          [a[k]![p], a[k]![q]] = [c * x - s * y, s * x + c * y];
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[p]![k]!, a[q]![k]!];
          [a[p]![k], a[q]![k]] = [c * x - s * y, s * x + c * y];
          const [left, right] = [v[k]![p]!, v[k]![q]!];
          [v[k]![p], v[k]![q]] = [c * left - s * right, s * left + c * right];
        }
      }
    }
  }
  return { values: a.map((row, i) => row[i]!), vectors: v };
}

/** (covariance + bias·I)^(-1/2) of rows, and their covariance's eigenvalues. */
export function zcaMatrix(rows: readonly (readonly number[])[], bias: number) {
  const n = rows[0]!.length;
  const covariance = Array.from(
    { length: n },
    (_, i) =>
      Array.from(
        { length: n },
        (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / rows.length,
      ),
  );
  const { values, vectors } = symmetricEigen(covariance);
  const matrix = vectors.map((left) =>
    vectors.map((right) =>
      values.reduce((sum, value, k) => sum + left[k]! * right[k]! / Math.sqrt(value + bias), 0)
    )
  );
  return { matrix, values };
}
