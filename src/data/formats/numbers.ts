/**
 * Numbers in a file, whatever their type.
 *
 * @module
 */

/** A type of numbers: what it is called, its bytes, and how one is read. */
export interface NumberType {
  readonly title: string;
  readonly bytes: number;
  read(view: DataView, at: number): number;
}

/** Numbers of some sizes, row by row. */
export interface Numbers {
  readonly type: NumberType;
  readonly sizes: readonly number[];
  /** Their bytes. */
  readonly body: Uint8Array<ArrayBuffer>;
}
