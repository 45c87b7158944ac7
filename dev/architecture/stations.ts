/**
 * The stations of the ways that docs/architecture.md draws.
 *
 * @module
 */
import type { Way } from "./ways.ts";

/** The three ways. */
export const WAYS: readonly Way[] = [];
