/**
 * Observers that a task opens at its start and disposes of at its end: the entries of tasks name them, so
 * that training depends on no page and no figure.
 *
 * @module
 */
import { type Observer, observers, type RunEvent } from "./events.ts";

/** An observer that is disposed of at the end of a task. */
export interface Attached<Event = RunEvent> extends AsyncDisposable {
  readonly observe: Observer<Event>;
}

/** Opens an observer where a task's options ask for one, before anything else is done. */
export type Attach<Values, Event = RunEvent> = (
  values: Values,
) => Promise<Attached<Event> | undefined>;

/** Opens those that the options ask for, as one. Where one cannot be opened the others are disposed of. */
export async function attachAll<Values, Event = RunEvent>(
  all: readonly Attach<Values, Event>[],
  values: Values,
): Promise<Attached<Event>> {
  await using opening = new AsyncDisposableStack();
  const opened: (Observer<Event> | undefined)[] = [];
  for (const open of all) opened.push(opening.use(await open(values))?.observe);
  const stack = opening.move();
  return {
    observe: observers(...opened),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
