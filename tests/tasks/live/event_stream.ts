/**
 * A page's side of the live page's connection, for tests.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { applyChange, type Change } from "../../../tasks/live/changes.ts";
import type { View } from "../../../tasks/live/view.ts";

/** An event. */
interface Event {
  readonly name: string;
  readonly data: { readonly view: View; readonly changes: readonly Change[] };
}

function eventIn(text: string): Event {
  const fields = new Map(
    text.split("\n").map((line): [string, string] => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  return { name: fields.get("event")!, data: JSON.parse(fields.get("data")!) };
}

/** Listens to a live page. */
export async function eventsOf(address: string) {
  const response = await fetch(`${address}events`);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let parts: string[] = [], view: View | undefined;
  /** The next event, which the view then has; undefined at the end. */
  const next = async (): Promise<Event | undefined> => {
    for (;;) {
      const text = parts.join(""), end = text.indexOf("\n\n");
      if (end >= 0) {
        parts = [text.slice(end + 2)];
        const event = eventIn(text.slice(0, end));
        if (event.name === "view") view = event.data.view;
        for (const change of event.data?.changes ?? []) applyChange(view!, change);
        return event;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      parts = [text, value];
    }
  };
  return {
    next,
    get view(): View {
      return view!;
    },
    /** Reads on until the view is as it should be. */
    async until(holds: (view: View) => boolean) {
      while (!view || !holds(view)) {
        if (!await next()) throw new Error("expected more events, found the end");
      }
    },
    async [Symbol.asyncDispose]() {
      await reader.cancel().catch(() => {});
    },
  };
}
