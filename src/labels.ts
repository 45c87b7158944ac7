/**
 * Validation of class labels in host memory.
 *
 * @module
 */

/** Throws RangeError, in the name of a function, unless all labels are integers from 0 to `classes` - 1. */
export function checkLabels(name: string, labels: ArrayLike<number>, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new RangeError(
      `${name}: expected labels from 0 to ${classes - 1}, found ${label} at index ${i}`,
    );
  }
}
