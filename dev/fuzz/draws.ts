/**
 * Random choices from a counter: the same ones for the same seed, format and number of a file.
 *
 * @module
 */
import { foldKeyData, type KeyData, keyData, threefry } from "../../src/threefry.ts";

/** A sequence of random choices. */
export class Draws {
  readonly #key: KeyData;
  #count = 0;

  constructor(key: KeyData) {
    this.#key = key;
  }

  /** 32 random bits. */
  word(): number {
    return threefry(this.#key, this.#count++, 0)[0];
  }

  /** An integer from 0 to below n. */
  below(n: number): number {
    return Math.floor(this.word() / 2 ** 32 * n);
  }
}

/** The choices for the file of a number. */
export const drawsOf = (seed: number, format: number, file: number): Draws =>
  new Draws(foldKeyData(foldKeyData(keyData(seed), format), file));
