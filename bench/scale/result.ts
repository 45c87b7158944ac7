/**
 * What `bench:scale` measures, as its JSON file has it. Times are seconds.
 *
 * @module
 */
import type { Machine } from "../machine.ts";
import type { NetName } from "../nets/mod.ts";
import type { StepModel } from "./efficiency.ts";
import type { MeasuredSum, Network } from "./network.ts";

/** A net and a batch. */
export interface Case {
  readonly name: string;
  readonly net: NetName;
  readonly batch: number;
}

/** A step of several processes of one thread each: what was measured, and what the model says. */
export interface MeasuredStep {
  readonly processes: number;
  readonly step: number;
  /** Of it, waiting for the other processes. */
  readonly wait: number;
  /** Of it, the sum of the gradients. */
  readonly sum: number;
  /** Of the time that they would take if they shared the work of one, on as many processors as there are. */
  readonly efficiency: number;
  readonly predicted: number;
}

/** Steps without communication, of the whole batch but for `pair`. */
export interface Alone {
  /** One process of one thread. */
  readonly one: number;
  /** One process of two threads. */
  readonly twoThreads: number;
  /** Two processes of one thread at once, which know nothing of each other, with half of the batch each. */
  readonly pair: number;
}

/** A net. */
export interface NetResult extends Case {
  readonly model: StepModel;
  readonly alone: Alone;
  readonly rows: readonly MeasuredStep[];
}

/** A step of two hosts of one process each. */
export interface HostStep {
  readonly name: string;
  readonly overlap: boolean;
  readonly step: number;
  /** Of it, waiting, and sums or what is left of them after the backward pass. */
  readonly wait: number;
  readonly sum: number;
  /** How many times as long as without communication: measured, and by the model. */
  readonly slowdown: number;
  readonly predicted: number;
}

/** Two hosts with a link of a rate. */
export interface HostsResult {
  readonly network: Network;
  readonly sums: readonly MeasuredSum[];
  readonly rows: readonly HostStep[];
}

/** The whole file. */
export interface ScaleResult extends Machine {
  readonly command: string;
  readonly processors: number;
  /** Sums over so many processes of this machine, and the network that explains them. */
  readonly sums: readonly {
    readonly processes: number;
    readonly sums: readonly MeasuredSum[];
    readonly network: Network;
  }[];
  readonly nets: readonly NetResult[];
  readonly hosts?: HostsResult | undefined;
}
