/**
 * `deno task export`: a trained net for PyTorch or ONNX. `--help` says how.
 *
 * @module
 */
import { exportNet } from "./export/export_command.ts";

Deno.exit(await exportNet(Deno.args));
