/**
 * What the training and the live page's thread say to each other.
 *
 * @module
 */
import type { News } from "./events.ts";

/** What the thread is asked or told. */
export type Asked =
  | { readonly kind: "open"; readonly port: number }
  | News
  | { readonly kind: "close" };

/** What the thread answers. */
export type Told =
  | { readonly kind: "open"; readonly port: number }
  | { readonly kind: "fault"; readonly inUse: boolean; readonly text: string }
  | { readonly kind: "closed" };
