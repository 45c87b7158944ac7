/**
 * The compiled plans that a runtime keeps.
 *
 * @module
 */
import { LruCache } from "../memory/lru_cache.ts";
import type { Reclaimer } from "../memory/reclaimer.ts";
import type { CompiledPlan } from "./plan.ts";

/** Plans that a runtime keeps; beyond, the one used longest ago goes. */
const MAX_PLANS = 64;

/** Bytes of code, shaders and graphs that a plan leaves to the engine, about. */
const CODE = 1 << 20;

/** Plans by their signatures. Those of a function end with it. */
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

  /** What the signatures of a function's plans begin with. */
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

  /** The number of plans kept. */
  get size(): number {
    return this.#plans.size;
  }
}
