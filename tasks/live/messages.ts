/**
 * What the program and the live page's thread say to each other.
 *
 * @module
 */
import type { LiveEvent } from "./events.ts";

/** What the thread is asked, or an event that it is to show. */
export type LiveRequest =
  | { readonly kind: "open"; readonly port: number }
  | { readonly kind: "event"; readonly event: LiveEvent }
  | { readonly kind: "close" };

/** What the thread answers. */
export type LiveResponse =
  | { readonly kind: "open"; readonly port: number }
  | { readonly kind: "fault"; readonly inUse: boolean; readonly text: string }
  | { readonly kind: "closed" };
