/**
 * The memory that a training run needs, by what it is for.
 *
 * @module
 */

/** Bytes in buffers of the device at once, while a step runs; what is shared counts once. */
export interface DeviceBytes {
  /** Parameters. */
  readonly params: number;
  /** The optimizer's state. */
  readonly optimizer: number;
  /** Running averages of the parameters. */
  readonly averages: number;
  /** Parameters and state before the last update, to go back to where numbers are not finite. */
  readonly recovery: number;
  /** Sums of gradients over the parts of a batch. */
  readonly gradientSums: number;
  /** What a step computes before it releases what it started from: updated parameters and state. */
  readonly updates: number;
  /** Parameters and state before the first step, which the caller may still read. */
  readonly start: number;
  /** Saved activations, gradients, and scratch memory of kernels. */
  readonly activations: number;
  /** Images and labels of a batch, or of its part. */
  readonly batch: number;
  /** Parameters of the best epoch. */
  readonly best: number;
  /** The data set, if it is on the device. */
  readonly data: number;
  /** Code, constants, counters, and tensors on the device that the net or the loss captures. */
  readonly code: number;
  /** Gaps between buffers, about, and small functions that run beside the step; more than is found. */
  readonly gaps: number;
}

/** Bytes in arrays of the host at once. */
export interface HostBytes {
  /** The images in memory, which are there before the training run. */
  readonly dataset: number;
  /** Batches that are made on the host, in advance where that pays. */
  readonly batches: number;
  /** A checkpoint on its way into its file. */
  readonly checkpoint: number;
}

/** The memory that a training run needs, in bytes. */
export interface TrainingMemory {
  /** In buffers of the device. */
  readonly device: DeviceBytes;
  /** In arrays of the host. */
  readonly host: HostBytes;
  /** All of the device. */
  readonly deviceTotal: number;
  /** All of the device and of the host, without the data set in the host's memory. */
  readonly total: number;
  /** The same without the gaps: what is needed in any case. */
  readonly least: number;
}

/** The sum of a record's numbers. */
const totalOf = (bytes: DeviceBytes | HostBytes): number =>
  Object.values({ ...bytes }).reduce((sum: number, each) => sum + each, 0);

/** The memory with its sums. */
export function withTotals(device: DeviceBytes, host: HostBytes): TrainingMemory {
  const deviceTotal = totalOf(device), total = deviceTotal + totalOf(host) - host.dataset;
  return { device, host, deviceTotal, total, least: total - device.gaps };
}
