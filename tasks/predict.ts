/**
 * `deno task predict`: what a trained net takes images for. `--help` says how.
 *
 * @module
 */
import { predict } from "./models/predict/command.ts";

Deno.exit(await predict(Deno.args));
