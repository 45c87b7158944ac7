/**
 * The messages between the program and the live page's worker.
 *
 * @module
 */
import type { LiveEvent } from "./events.ts";

/** A request to the worker, or an event for it to show. */
export type LiveRequest =
  | { readonly kind: "open"; readonly port: number }
  | { readonly kind: "event"; readonly event: LiveEvent }
  | { readonly kind: "close" };

/** A response of the worker. */
export type LiveResponse =
  | { readonly kind: "open"; readonly port: number }
  | { readonly kind: "fault"; readonly inUse: boolean; readonly text: string }
  | { readonly kind: "closed" };
