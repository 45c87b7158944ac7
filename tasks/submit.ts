/**
 * `deno task submit`: writes a job script for a cluster's scheduler, or submits it. See `--help`.
 *
 * @module
 */
import { submit } from "./submit/command.ts";

Deno.exit(await submit(Deno.args));
