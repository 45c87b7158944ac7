/**
 * `deno task export`: a trained net for PyTorch or ONNX. `--help` tells how.
 *
 * @module
 */
import { exportNet } from "./export/export_command.ts";

Deno.exit(await exportNet(Deno.args));
