/**
 * `deno task predict`: classifies images with a trained net. See `--help`.
 *
 * @module
 */
import { predict } from "./models/predict/command.ts";

Deno.exit(await predict(Deno.args));
