/**
 * The cache of a runtime's compiled plans.
 *
 * @module
 */
import { LruCache } from "../memory/lru_cache.ts";
import type { Reclaimer } from "../memory/reclaimer.ts";
import type { CompiledPlan } from "./plan.ts";

/** The capacity of the cache; beyond it, the least recently used plan is evicted. */
const MAX_PLANS = 64;

/** Bytes of code, shaders and graphs per plan that the engine has to collect, about. */
const CODE = 1 << 20;

/** Plans by signature. A function's plans are dropped when it is collected. */
export class PlanCache {
  readonly #reclaimer: Reclaimer;
  readonly #plans = new LruCache<CompiledPlan>(MAX_PLANS, ({ executable }) => {
    this.#reclaimer.count(-executable.bytes);
    executable.dispose();
  });
  /** A number for each function that was compiled. */
  readonly #numbers = new WeakMap<object, number>();
  #functions = 0;

  constructor(reclaimer: Reclaimer) {
    this.#reclaimer = reclaimer;
  }

  /** The plan of a signature, made now if there is none. */
  get(signature: string, make: () => CompiledPlan): CompiledPlan {
    return this.#plans.get(signature, () => {
      const plan = make();
      this.#reclaimer.count(plan.executable.bytes);
      this.#reclaimer.countUntracked(CODE);
      return plan;
    });
  }

  /** The prefix of the signatures of a function's plans. */
  prefix(f: object): string {
    const known = this.#numbers.get(f);
    if (known !== undefined) return `${known}:`;
    const number = this.#functions++, prefix = `${number}:`;
    this.#numbers.set(f, number);
    const release = () => this.#plans.drop((signature) => signature.startsWith(prefix));
    this.#reclaimer.follow(f, { bytes: 0, holds: true, release });
    return prefix;
  }

  /** Drops all plans. */
  clear(): void {
    this.#plans.drop(() => true);
  }

  /** The number of cached plans. */
  get size(): number {
    return this.#plans.size;
  }
}
