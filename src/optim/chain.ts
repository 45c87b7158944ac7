/**
 * Optimizers as chains of gradient transformations.
 *
 * @module
 */
import { add, constant, sub } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { entries, leaves, structure, unflatten } from "../tree.ts";
import type { Optimizer } from "./optimizer.ts";
import type { ParameterUpdate, Slots, Transformation, Transformed } from "./transformation.ts";

/** The step count, i32[], and each slot as a tree like the parameters. */
export type ChainState = { readonly step: Tensor; readonly [slot: string]: Params };

/** An optimizer that may be a link of a longer chain. */
export interface Chain<S extends Params = ChainState> extends Optimizer<S>, Transformation {}

/** For each link, the name in the chain of each of its slots: a number is added to one that is taken. */
function nameSlots(links: readonly Transformation[]): readonly ReadonlyMap<string, string>[] {
  const taken = new Set(["step"]);
  return links.map(({ slots }) =>
    new Map(
      Object.keys(slots).map((own) => {
        let name = own;
        for (let n = 2; taken.has(name); n++) name = `${own}${n}`;
        taken.add(name);
        return [own, name];
      }),
    )
  );
}

/** The slots of all links, by their names in the chain. */
const joinSlots = (
  links: readonly Transformation[],
  names: readonly ReadonlyMap<string, string>[],
): Slots =>
  Object.fromEntries(
    links.flatMap(({ slots }, i) =>
      [...names[i]!].map(([own, name]) => [name, slots[own]!] as const)
    ),
  );

/** Throws TypeError unless gradients and states nest as the parameters do. */
function checkStructures(params: Params, trees: readonly Params[]): void {
  const expected = structure<Tensor>(params);
  for (const tree of trees) {
    const found = structure<Tensor>(tree);
    if (found === expected) continue;
    throw new TypeError(
      `optimizer: expected gradients and states that nest as the parameters do, ${expected}, ` +
        `found ${found}`,
    );
  }
}

/** The updates after one more link, whose slots have these names; those of parameters that stay are kept. */
function applyLink(
  link: Transformation,
  names: ReadonlyMap<string, string>,
  all: readonly ParameterUpdate[],
  step: Tensor,
): readonly Transformed[] {
  const own = all.map(({ slots, ...parameter }) => ({
    ...parameter,
    slots: Object.fromEntries([...names].map(([own, name]) => [own, slots[name]!])),
  }));
  return link.update(own, step).map(({ update, slots = {} }) => ({
    update,
    slots: Object.fromEntries(
      [...names].flatMap(([own, name]) => slots[own] ? [[name, slots[own]]] : []),
    ),
  }));
}

/** The updates after all links. */
function applyLinks(
  links: readonly Transformation[],
  names: readonly ReadonlyMap<string, string>[],
  given: readonly ParameterUpdate[],
  step: Tensor,
): readonly Transformed[] {
  const after: Transformed[] = [...given];
  links.forEach((link, k) => {
    const moving = after.flatMap(({ update }, i) => update ? [i] : []);
    const all = moving.map((i) => ({ ...given[i]!, ...after[i] } as ParameterUpdate));
    applyLink(link, names[k]!, all, step).forEach(({ update, slots }, j) => {
      const i = moving[j]!;
      after[i] = { update, slots: { ...after[i]!.slots, ...slots } };
    });
  });
  return after;
}

/**
 * An optimizer of gradient transformations, one after another, as optax's `chain`: what the last one returns
 * is subtracted from the parameters. All links share one step count. Transformations are fused into one
 * kernel per parameter, however many there are. A chain may itself be a link of another.
 *
 * The state is `{ step, … }` with a tree like the parameters for each slot of a link, such as `velocity`; a
 * number is added to a name that an earlier link has: `velocity2`.
 *
 * @example PyTorch's SGD, in which the momentum is not scaled by the rate, with clipping
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(
 *   optim.clipByGlobalNorm(5),
 *   optim.addDecayedWeights(0.1),
 *   optim.trace(0.9),
 *   optim.scaleByLearningRate(optim.cosineSchedule(0.1, 100)),
 * );
 * const params = { w: tensor([1, 2]) }, state = optimizer.init(params);
 * const [next, { step }] = optimizer.step(params, { w: tensor([3, 4]) }, state);
 * const { w } = await run.read(next);
 * console.assert(Math.abs(w[0]! - 0.69) < 1e-6 && Math.abs(w[1]! - 1.58) < 1e-6);
 * console.assert((await run.read(step))[0] === 1);
 * ```
 */
export function chain(...links: readonly Transformation[]): Chain {
  const names = nameSlots(links), slots = joinSlots(links, names), all = Object.entries(slots);
  const update: Transformation["update"] = (all, step) => applyLinks(links, names, all, step);
  const tree = (params: Params, values: readonly Tensor[]) =>
    unflatten<unknown, Tensor, Tensor>(params, [...values]) as Params;
  return {
    slots,
    update,
    init: (params) => ({
      step: constant(0, [], "i32"),
      ...Object.fromEntries(
        all.map(([name, first]) => [name, tree(params, leaves<Tensor>(params).map(first))]),
      ),
    }),
    step<P extends Params>(params: P, grads: P, { step, ...states }: ChainState) {
      checkStructures(params, [grads, ...all.map(([name]) => states[name] ?? [])]);
      const before = all.map(([name]) => leaves<Tensor>(states[name]!));
      const gradients = leaves<Tensor>(grads);
      const given = entries<Tensor>(params).map(([path, param], i): ParameterUpdate => ({
        path,
        param,
        update: gradients[i]!,
        slots: Object.fromEntries(all.map(([name], k) => [name, before[k]![i]!])),
      }));
      const after = update(given, step);
      const next = given.map(({ param }, i) => {
        const minus = after[i]!.update;
        return minus ? sub(param, minus) : param;
      });
      const kept = all.map(([name]) =>
        [name, tree(params, after.map(({ slots }) => slots![name]!))] as const
      );
      return [tree(params, next) as P, {
        step: add(step, 1),
        ...Object.fromEntries(kept),
      }] as const;
    },
  };
}

/**
 * A transformation of only some parameters; the updates of the others pass unchanged.
 *
 * @param mask Which, by path such as `[0].w`.
 *
 * @example Weights by Adam, biases by plain gradient descent, at the same rate
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(
 *   optim.masked(optim.scaleByAdam(), optim.notBias),
 *   optim.scaleByLearningRate(0.1),
 * );
 * const params = { w: tensor([1]), b: tensor([1]) }, grads = { w: tensor([5]), b: tensor([5]) };
 * const [next] = optimizer.step(params, grads, optimizer.init(params));
 * const { w, b } = await run.read(next);
 * console.assert(Math.abs(w[0]! - 0.9) < 1e-6 && b[0] === 0.5);
 * ```
 */
export const masked = (
  { slots, update }: Transformation,
  mask: (path: string) => boolean,
): Transformation => ({
  slots,
  update(all, step) {
    const inside = all.filter(({ path }) => mask(path)), changed = update(inside, step);
    const at = new Map(inside.map(({ path }, i) => [path, changed[i]!]));
    return all.map((parameter) => at.get(parameter.path) ?? parameter);
  },
});

/**
 * A transformation after which some parameters stay as they are: no later link sees them, and what it keeps
 * of them does not change.
 *
 * @param frozen Which, by path such as `[0].w`.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * const optimizer = optim.chain(optim.freeze((path) => path === "b"), optim.scaleByLearningRate(1));
 * const params = { w: tensor([1]), b: tensor([1]) };
 * const [next] = optimizer.step(params, { w: tensor([1]), b: tensor([1]) }, optimizer.init(params));
 * console.assert(next.b === params.b && next.w !== params.w);
 * ```
 */
export const freeze = (frozen: (path: string) => boolean): Transformation => ({
  slots: {},
  update: (all) => all.map(({ path, update }) => ({ update: frozen(path) ? undefined : update })),
});
