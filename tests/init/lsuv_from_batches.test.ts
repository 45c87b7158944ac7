/**
 * LSUV with batches drawn from a source, and its report.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { formatReport, lsuv, lsuvFromBatches, reportRows } from "../../src/init/mod.ts";
import { conv, dense, flatten, relu, sequential, tanh } from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { eventTurn } from "../../src/platform/event_turn.ts";
import { key, normal } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { branching, chain, initialized, measured, readAll } from "./nets.ts";

const images = (seed = 1) => normal(key(seed), [4, 8, 8, 2]);

for (const normalize of ["output", "input"] as const) {
  forEachDevice(
    `lsuvFromBatches() on one batch gives what lsuv() gives, normalize: ${normalize}`,
    async (run) => {
      const net = normalize === "output" ? branching() : chain(), x = images();
      const params = net.init(key(0), x);
      for (const k of normalize === "output" ? [undefined, key(9)] : [undefined]) {
        const options = { normalize, unroll: 10, key: k };
        const [pure, rows] = await initialized(run, net.layers, params, x, options);
        const [drawn, rows2] = await lsuvFromBatches(run, net.layers, params, () => x, {
          ...options,
          fresh: false,
        });
        const [a, b] = [await readAll(run, pure), await readAll(run, drawn)];
        a.forEach((values, i) => assertClose(values, b[i]!, { relative: 1e-4, absolute: 1e-5 }));
        const facts = (list: typeof rows) =>
          list.map((r) => [r.name, r.piece, r.trials, r.converged]);
        assertEquals(facts(rows2), facts(rows));
        const before = (list: typeof rows) => list.map((r) => r.before);
        assertClose(before(rows2), before(rows), { relative: 1e-3 });
      }
    },
  );
}

forEachDevice(
  "lsuv() to another target, centered, gives each piece that variance and mean 0",
  async (run) => {
    const net = sequential(
      conv(6, 3, { pieces: 2, biasInit: 0.3 }),
      relu,
      flatten,
      dense(5, { bias: false }),
      dense(7),
    );
    const x = images(), params = net.init(key(0), x), options = { target: 0.25, center: true };
    const pure = run.jit(() => lsuv(net, params, x, options))();
    const [drawn, rows] = await lsuvFromBatches(run, net, params, () => x, {
      ...options,
      fresh: false,
    });
    assert(rows.every(({ converged, after }) => converged && Math.abs(after - 0.25) < 0.025));
    const [a, b] = [await readAll(run, pure), await readAll(run, drawn)];
    a.forEach((values, i) => assertClose(values, b[i]!, { relative: 1e-3, absolute: 1e-5 }));
    const [first, , , second, third] = net.layers, [p, , , q, r] = pure;
    const one = first.unit.linear(p, x), pieces = ops.reshape(ops.add(one, p.b), [4, 36, 2, 6]);
    const hidden = flatten([], relu([], first(p, x))), last = third(r, second(q, hidden));
    const [means, variances, mean, variance, without] = await run.read([
      ops.mean(pieces, [0, 1, 3]),
      ops.variance(pieces, [0, 1, 3]),
      ops.mean(last),
      ops.variance(last),
      ops.mean(second(q, hidden)),
    ]);
    assertClose([...means!, mean![0]!], [0, 0, 0], { absolute: 1e-5 });
    assertClose([...variances!, variance![0]!], [0.25, 0.25, 0.25], { relative: 1e-3 });
    // A layer without biases keeps its mean.
    assert(Math.abs(without![0]!) > 1e-3, `${without![0]}`);
  },
);

forEachDevice("lsuv() takes a tolerance in units of its target", async (run) => {
  const net = sequential(dense(20)), x = normal(key(3), [200, 10]);
  const params = net.init(key(0), x), [before] = await run.read([ops.variance(net(params, x))]);
  const report = async (target: number) => {
    const [, rows] = await initialized(run, net, params, x, { target, tolerance: 0.1 });
    return rows[0]!;
  };
  const near = await report(before![0]! * 1.09), far = await report(before![0]! * 1.2);
  assertEquals([near.trials, near.converged, far.trials, far.converged], [0, true, 1, true]);
});

for (
  const [options, says] of [
    [{ target: 0 }, "expected a target from 2^-60 to 2^60, found 0"],
    [{ target: Infinity }, "expected a target from 2^-60 to 2^60, found Infinity"],
    [{ center: true, normalize: "input" }, 'expected normalize "output" with center, found input'],
  ] as const
) {
  Deno.test(`lsuv() rejects ${JSON.stringify(options)}`, () => {
    const net = dense(2), x = tensor([[1, 2]]);
    assertThrows(() => lsuv(net, net.init(key(0), x), x, options), RangeError, says);
  });
}

forEachDevice("lsuvFromBatches() draws a fresh batch for every variance it reads", async (run) => {
  const net = sequential(dense(6), relu, dense(5)), drawn: Tensor[] = [];
  const nextBatch = () => {
    const x = normal(key(drawn.length), [300, 4]);
    drawn.push(x);
    return Promise.resolve(x);
  };
  const params = net.init(key(0), { shape: [300, 4], dtype: "f32" });
  const [scaled, rows] = await lsuvFromBatches(run, net.layers, params, nextBatch, {
    tolerance: 0.1,
  });
  assertEquals(drawn.length, rows.reduce((n, row) => n + row.trials + 1, 0));
  assert(rows.every((row) => row.converged));
  // On data that it has not seen.
  const found = await measured(run, net.layers, scaled, normal(key(1000), [2000, 4]));
  assert(found.every((v) => Math.abs(v - 1) < 0.2), `${found}`);
});

forEachDevice("lsuvFromBatches() with fresh: false draws one batch", async (run) => {
  let drawn = 0;
  const net = chain(), params = net.init(key(0), images());
  await lsuvFromBatches(run, net.layers, params, () => images(drawn++), { fresh: false });
  assertEquals(drawn, 1);
});

forEachDevice("lsuvFromBatches() stops after maxTrials and reports what it left", async (run) => {
  const layer = dense(2), params = layer.init(key(0), { shape: [2, 3], dtype: "f32" });
  let drawn = 0;
  const [, [row]] = await lsuvFromBatches(
    run,
    [layer],
    [params],
    // Each batch three times as large as the one before: never at unit variance.
    () => ops.mul(normal(key(1), [50, 3]), 3 ** drawn++),
    { maxTrials: 4 },
  );
  assertEquals([drawn, row!.trials, row!.converged], [5, 4, false]);
  assert(Math.abs(row!.after - 9) < 0.1, `left at ${row!.after}`);
});

forEachDevice(
  "lsuvFromBatches() does not change a layer of zero variance, after one measurement",
  async (run) => {
    let drawn = 0;
    const params = [{ w: ops.constant(0, [3, 2]), b: tensor([1, 1]) }];
    const [scaled, rows] = await lsuvFromBatches(run, [dense(2)], params, () => {
      drawn++;
      return normal(key(1), [5, 3]);
    });
    assertEquals(rows, [
      {
        name: "[0] dense",
        piece: 0,
        trials: 0,
        before: 0,
        after: 0,
        converged: false,
        zero: true,
      },
    ]);
    assertEquals(drawn, 1);
    assertEquals(await readAll(run, scaled), await readAll(run, params));
  },
);

/** A runtime that notes what each call of a compiled function comes to, as `explain` has it. */
function spyingOn(run: Runtime): { readonly spy: Runtime; readonly calls: string[] } {
  const calls: string[] = [];
  const spy: Runtime = Object.assign(Object.create(run), {
    jit: (f: (...args: Tensor[]) => Tensor) => {
      const under = run.jit(f as never) as (...args: Tensor[]) => Tensor;
      return (...args: Tensor[]) => {
        calls.push(run.explain(f as never, ...args as never[]));
        return under(...args);
      };
    },
    read: run.read.bind(run),
  });
  return { spy, calls };
}

const productsOf = (calls: readonly string[]): number =>
  calls.flatMap((text) => text.split("\n")).filter((line) => /matmul/.test(line)).length;

const deep = (depth: number) =>
  sequential(...Array.from({ length: depth }, () => sequential(dense(5), tanh)), dense(2));

forEachDevice("lsuvFromBatches() on a kept batch runs one layer a trial", async (run) => {
  const { spy, calls } = spyingOn(run), net = deep(9);
  const x = normal(key(1), [20, 5]), params = net.init(key(0), x);
  const [, rows] = await lsuvFromBatches(spy, net, params, () => x, { fresh: false });
  assertEquals(productsOf(calls), rows.reduce((n, { trials }) => n + trials + 1, 0));
}, { devices: ["reference"] });

forEachDevice(
  "lsuvFromBatches() on fresh batches runs no layer behind the one that it measures",
  async (run) => {
    const { spy, calls } = spyingOn(run), net = deep(9);
    const params = net.init(key(0), { shape: [20, 5], dtype: "f32" });
    let drawn = 0;
    const next = () => normal(key(drawn++), [20, 5]);
    const [, rows] = await lsuvFromBatches(spy, net, params, next);
    assertEquals(
      productsOf(calls),
      rows.reduce((n, { trials }, i) => n + (trials + 1) * (i + 1), 0),
    );
  },
  { devices: ["reference"] },
);

forEachDevice("lsuvFromBatches() compiles equal parts once, however deep a net", async (run) => {
  const functions: unknown[] = [];
  const spy: Runtime = Object.assign(Object.create(run), {
    jit: (f: never) => {
      functions.push(f);
      return run.jit(f);
    },
    read: run.read.bind(run),
  });
  const x = normal(key(1), [20, 5]), net = deep(30);
  await lsuvFromBatches(spy, net, net.init(key(0), x), () => x, { fresh: false });
  assert(functions.length <= 4, `${functions.length} functions`);
}, { devices: ["reference"] });

forEachDevice("lsuvFromBatches() never makes weights vanish", async (run) => {
  // Biases of variance 16: no factor of the weights will do, and each trial takes away three quarters.
  const params = { w: normal(key(1), [5, 4]), b: tensor([-4, 4, -4, 4]) };
  const x = normal(key(2), [50, 5]), options = { maxTrials: 100, fresh: false };
  const [{ w }, rows] = await lsuvFromBatches(run, dense(4), params, () => x, options);
  const [values] = await run.read([w]);
  assert((values as Float32Array).some((v) => v !== 0));
  assert(rows[0]!.after > 15 && !rows[0]!.converged);
});

forEachDevice("lsuvFromBatches() accepts batches of different sizes", async (run) => {
  let drawn = 0;
  const next = () => normal(key(drawn), [drawn++ % 2 ? 100 : 200, 6]);
  const net = sequential(dense(8), relu, dense(3)), params = net.init(key(0), next());
  const [, rows] = await lsuvFromBatches(run, net, params, next);
  assert(rows.every(({ converged }) => converged));
});

Deno.test("lsuvFromBatches() rejects what lsuv() rejects", async () => {
  const never = () => {
    throw new Error("runs nothing");
  };
  const run = { jit: never, read: never };
  await assertRejects(
    () => lsuvFromBatches(run, [], [], never),
    RangeError,
    "lsuv: expected at least one layer, found none",
  );
  await assertRejects(
    () => lsuvFromBatches(run, [dense(1)], [[]], never, { tolerance: -1 }),
    RangeError,
    "lsuv: expected a tolerance above 0, found -1",
  );
});

Deno.test("formatReport() writes a line a piece, in columns", () => {
  const units = {
    "[0] conv": {
      before: Float32Array.of(0.25, 4),
      after: Float32Array.of(1, 1),
      trials: Int32Array.of(1, 1),
      converged: Uint32Array.of(1, 1),
      zero: Uint32Array.of(0, 0),
    },
    "[12] dense": {
      before: Float32Array.of(0),
      after: Float32Array.of(0),
      trials: Int32Array.of(0),
      converged: Uint32Array.of(0),
      zero: Uint32Array.of(1),
    },
  };
  assertEquals(formatReport(reportRows({ units, uncovered: {} })).split("\n"), [
    "layer       piece  trials  variance before  after",
    "[0] conv        0       1           0.2500  1.000",
    "[0] conv        1       1            4.000  1.000",
    "[12] dense      0       0            0.000  0.000  zero variance, left alone",
  ]);
});

forEachDevice(
  "lsuvFromBatches() ends before the next trial once its signal is aborted",
  async (run) => {
    const net = chain(), x = images(), params = net.init(key(0), x);
    for (const fresh of [true, false]) {
      const stop = new AbortController();
      let drawn = 0;
      const next = () => {
        // An event, which needs a turn of the event loop to be dispatched.
        if (++drawn === (fresh ? 3 : 1)) eventTurn().then(() => stop.abort(new Error("enough")));
        return x;
      };
      const options = { fresh, signal: stop.signal, tolerance: 1e-9, maxTrials: 500 };
      await assertRejects(() => lsuvFromBatches(run, net, params, next, options), Error, "enough");
      assert(drawn < 400, `${drawn} batches`);
    }
    const signal = AbortSignal.abort(),
      never = () => lsuvFromBatches(run, net, params, () => x, { signal });
    await assertRejects(never, DOMException, "aborted");
  },
);
