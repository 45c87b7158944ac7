/**
 * The sums of gradients over processes: while the backward pass goes on, or after it.
 *
 * @module
 */
import type { RunObserver } from "../../device/device.ts";
import type { Distributed, Pending } from "../../distributed/mod.ts";
import type { Data } from "../../host_data.ts";
import type { Runtime } from "../../runtime/mod.ts";
import type { Part } from "./packed.ts";

/**
 * Whether sums overlap with the backward pass. They do between machines, where a sum waits for a network;
 * on one machine a sum is work for the processors that compute too, and a blocking one is the cheapest.
 * All processes find the same, and every time, as sums of another kind may round differently.
 */
export const sumsOverlap = ({ machines }: Pick<Distributed, "machines">): boolean => machines > 1;

/** What sums over processes need. */
export interface SumOptions {
  readonly job: Distributed;
  readonly signal?: AbortSignal | undefined;
  /** Whether they start while the device computes, if the host shares its memory. */
  readonly overlap: boolean;
}

/** Sums the parts of a step's gradients over all processes, in the device's memory where the host shares it. */
export class PartSums implements RunObserver {
  readonly #job: Distributed;
  readonly #signal: AbortSignal | undefined;
  readonly #overlap: boolean;
  /** The sums that were started, by part, and the first that may still go on. */
  readonly #pending: Pending[] = [];
  #next = 0;
  #stop = false;
  /** The number of parts, of which the last one's last element asks to stop. */
  parts = 0;

  constructor({ job, signal, overlap }: SumOptions) {
    this.#job = job;
    this.#signal = signal;
    this.#overlap = overlap;
  }

  /** Whether a process asked to stop at the last step. */
  get stop(): boolean {
    return this.#stop;
  }

  /** Starts the sum of a part, if sums overlap. */
  final(part: number, elements: Data) {
    if (!this.#overlap) return;
    if (part === this.parts - 1) this.#askToStop(elements);
    this.#pending.push(this.#job.startAllReduce(elements as Float32Array));
  }

  /** Lets sums go on. */
  between() {
    const pending = this.#pending;
    while (this.#next < pending.length && pending[this.#next]!.test()) this.#next++;
  }

  /** The parts summed over all processes; `signal` is looked at for whether to ask all to stop. */
  sum(run: Runtime, parts: readonly Part[]): Promise<readonly Part[]> {
    return run.edit(parts, this.#pending.length > 0 ? this.#after : this.#whole);
  }

  /** What is left to do of sums that were started. */
  readonly #after = {
    "allReduce, after overlapping": (elements: Data) => {
      for (const pending of this.#pending.splice(0)) pending.wait();
      this.#next = 0;
      this.#stop = elements.at(-1)! > 0;
    },
  };

  /** One sum of all parts, once all processes are there. */
  readonly #whole = {
    "wait for all processes": () => this.#job.barrier(),
    allReduce: (elements: Data) => {
      this.#askToStop(elements);
      this.#job.allReduce(elements as Float32Array);
      this.#stop = elements.at(-1)! > 0;
    },
  };

  /** Asks all processes to stop, if this one is to. */
  #askToStop(elements: Data) {
    if (this.#signal?.aborted) elements[elements.length - 1] = 1;
  }
}
