/**
 * Showing a grid that several programs share, as an observer of one of them: its own runs by their events, those of
 * others from the common folder.
 *
 * @module
 */
import type { GridEvent } from "../experiments/events.ts";
import type { Observer } from "../run/events.ts";
import type { Emit } from "./events.ts";
import { follow, GridFollower } from "./follow_grid.ts";
import { observeGrid } from "./observe_grid.ts";

/** An observer that follows the other programs until disposed of. */
export interface SharedGridObserver extends AsyncDisposable {
  readonly observe: Observer<GridEvent>;
}

/** Shows a shared experiment. */
export function observeSharedGrid(emit: Emit): SharedGridObserver {
  const own = new Set<string>(), observe = observeGrid(emit);
  let follower: GridFollower | undefined, following: AsyncDisposable | undefined;
  return {
    observe: async (event) => {
      switch (event.kind) {
        case "start":
          follower = new GridFollower(event.folder, emit, { isOwn: (run) => own.has(run) });
          await follower.look();
          following = follow(follower);
          return;
        case "cell start":
          own.add(event.cell.run);
          return await observe(event);
        case "end":
          await following?.[Symbol.asyncDispose]();
          await follower?.look();
          return await observe(event);
        default:
          return await observe(event);
      }
    },
    [Symbol.asyncDispose]: async () => await following?.[Symbol.asyncDispose](),
  };
}
