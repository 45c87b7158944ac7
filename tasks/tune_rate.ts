/**
 * `deno task tune:rate`: finds a learning rate by the range test. See `--help`.
 *
 * @module
 */
import { drawRateRange } from "./plots/rate_range.ts";
import { tuneRate } from "./training/rate_command.ts";

Deno.exit(await tuneRate(Deno.args, drawRateRange));
