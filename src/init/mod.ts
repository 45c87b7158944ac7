/**
 * Initialization: without data (gaussian, xavier, he, orthonormal) and with data (LSUV).
 *
 * @module
 */
export {
  gaussian,
  glorot,
  he,
  type Initializer,
  orthonormal,
  type WeightSpec,
  xavierFanIn,
} from "../nn/initializers/initializer.ts";
export { lsuv, lsuvWithReport } from "./lsuv.ts";
export { lsuvFromBatches, type LsuvFromBatchesOptions, type Runner } from "./lsuv_from_batches.ts";
export { type LsuvOptions, NORMALIZED, type Normalized, PRESETS } from "./lsuv_options.ts";
export { ZERO_VARIANCE } from "./measure.ts";
export {
  formatReport,
  type Report,
  type ReportData,
  type ReportRow,
  reportRows,
  type UnitReport,
  type UnitReportData,
} from "./report.ts";
export type { Processes, Reader } from "../processes.ts";
export { unitNames } from "./unit_names.ts";
export { variances } from "./variances.ts";
