/**
 * The options of the live page.
 *
 * @module
 */
import type { Table, Values } from "../cli/options.ts";

/** Where the page is unless another port is asked for. */
const PORT = 8765;

/** The options of every task that trains. */
export const WATCH = {
  watch: {
    kind: "flag",
    default: false,
    help:
      "Whether a page of this machine shows the training while it runs: curves, layers, speed, " +
      "time left. Its address is printed; docs/watch.md tells more.",
  },
  "watch-port": {
    kind: "integer",
    from: 0,
    to: 65535,
    help: "The page's port, 0 for any that is free; implies --watch.",
    otherwise: String(PORT),
  },
} as const satisfies Table;

/** The port that is asked for; undefined without a page. */
export function portOf(values: Values<typeof WATCH>): number | undefined {
  const { watch, "watch-port": port } = values;
  return port ?? (watch ? PORT : undefined);
}
