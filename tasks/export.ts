/**
 * `deno task export`: writes a trained net for PyTorch or ONNX. See `--help`.
 *
 * @module
 */
import { exportNet } from "./export/export_command.ts";

Deno.exit(await exportNet(Deno.args));
