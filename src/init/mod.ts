/**
 * Initialization: before data (gaussian, xavier, he, orthonormal) and with it (LSUV).
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
export {
  lsuv,
  lsuvWithReport,
  type Report,
  type UnitReport,
  variances,
  ZERO_VARIANCE,
} from "./lsuv.ts";
export { lsuvFromBatches, type LsuvFromBatchesOptions, type Runner } from "./lsuv_from_batches.ts";
export { type LsuvOptions, PRESETS } from "./lsuv_options.ts";
export { unitNames } from "./names.ts";
export {
  formatReport,
  type ReportData,
  type ReportRow,
  reportRows,
  type UnitReportData,
} from "./report.ts";
