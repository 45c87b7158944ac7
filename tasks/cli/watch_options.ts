/**
 * The options of the live page, which every training task has.
 *
 * @module
 */
import type { Table, Values } from "./option_table.ts";

/** The page's default port. */
const PORT = 8765;

/** The options of the live page. */
export const WATCH = {
  watch: {
    kind: "flag",
    default: false,
    help: "Show the training on a web page while it runs: curves, layers, speed, " +
      "time left. Its address is printed; see docs/watch.md.",
  },
  "watch-port": {
    kind: "integer",
    from: 0,
    to: 65535,
    help: "The page's port, 0 for any that is free; implies --watch.",
    otherwise: String(PORT),
  },
} as const satisfies Table;

/** The values of these options. */
export type WatchValues = Values<typeof WATCH>;

/** The page's port; undefined without a page. */
export const watchPort = ({ watch, "watch-port": port }: WatchValues): number | undefined =>
  port ?? (watch ? PORT : undefined);
