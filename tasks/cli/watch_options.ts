/**
 * The options of the live page, which every task that trains has.
 *
 * @module
 */
import type { Table, Values } from "./option_table.ts";

/** Where the page is unless another port is asked for. */
const PORT = 8765;

/** The options of every task that trains. */
export const WATCH = {
  watch: {
    kind: "flag",
    default: false,
    help:
      "Whether a page of this machine shows the training while it runs: curves, layers, speed, " +
      "time left. Its address is printed; docs/watch.md has more.",
  },
  "watch-port": {
    kind: "integer",
    from: 0,
    to: 65535,
    help: "The page's port, 0 for any that is free; implies --watch.",
    otherwise: String(PORT),
  },
} as const satisfies Table;

/** What the options say. */
export type WatchValues = Values<typeof WATCH>;

/** The port that is asked for; undefined without a page. */
export const watchPort = ({ watch, "watch-port": port }: WatchValues): number | undefined =>
  port ?? (watch ? PORT : undefined);
