/**
 * Arrays of numbers in a file, of any element type.
 *
 * @module
 */

/** An element type: its name, its size in bytes, and the reader of an element. */
export interface NumberType {
  readonly title: string;
  readonly bytes: number;
  read(view: DataView, at: number): number;
}

/** An array of numbers, row-major. */
export interface Numbers {
  readonly type: NumberType;
  readonly sizes: readonly number[];
  /** Their bytes. */
  readonly body: Uint8Array<ArrayBuffer>;
}
