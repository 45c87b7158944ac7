/**
 * The reference device: {@linkcode evaluate} behind the interface of a device.
 *
 * @module
 */
import { ARRAYS, type Data } from "../../host_data.ts";
import { placeholder, Tensor } from "../../tensor.ts";
import { showSpec } from "../../spec.ts";
import { sourcesOf, topological } from "../../graph.ts";
import type { Device, Executable, Graph, Handle } from "../device.ts";
import type { Profiler } from "../profile.ts";
import { measurePeak } from "./peak.ts";
import { compute, evaluate } from "./evaluate.ts";
import { measured } from "./measure.ts";
import { peakBytes } from "./peak_bytes.ts";

interface Values extends Handle {
  readonly values: Data;
}

/** Rounds outputs to f32 where they are computed, so that dependents use the values that are returned. */
function rounding(outputs: readonly Tensor[], step: typeof compute): typeof compute {
  const ends = new Set(outputs.filter((x) => x.dtype === "f32"));
  return (x, args) => ends.has(x) ? step(x, args).map(Math.fround) : step(x, args);
}

/** Copies a graph, so that keeping it does not keep the program's tensors alive. */
function copyGraph({ inputs, outputs }: Graph): Graph {
  const copies = new Map(inputs.map((x) => [x, placeholder(x)]));
  for (const x of topological(outputs, (x) => copies.has(x), sourcesOf)) {
    if (copies.has(x)) continue;
    copies.set(
      x,
      x.data ? x : new Tensor(x.op, sourcesOf(x).map((a) => copies.get(a)!), x.attrs, x),
    );
  }
  const found = (x: Tensor) => copies.get(x)!;
  return { inputs: inputs.map(found), outputs: outputs.map(found) };
}

/** Bytes of the host data in a graph. */
const constantBytes = (order: readonly Tensor[]): number =>
  order.reduce((sum, { data }) => sum + (data?.byteLength ?? 0), 0);

/**
 * Opens the reference device: one thread, no set-up. A graph is computed in float64 and its outputs are
 * rounded to their types, so that reading a value and passing it back changes nothing.
 *
 * @param profiler If given, it records the time of each op.
 */
export function openReference(profiler?: Profiler): Device {
  const live = new Set<Handle>();
  const keep = (values: Data): Values => {
    const handle = { values, bytes: values.byteLength };
    live.add(handle);
    return handle;
  };
  const readValues = (x: Handle | Data) =>
    new Float64Array(ArrayBuffer.isView(x) ? x : (x as Values).values);
  const step = profiler ? measured(profiler) : compute;
  return {
    name: "reference",
    description: "float64 interpreter",
    roomForData: 0,
    limits: { isHost: true, keepsBuffers: false, reading: 0 },
    ...(profiler && {
      profiling: {
        profiler,
        settle: () => Promise.resolve(),
        peak: () => Promise.resolve(measurePeak()),
      },
    }),
    compile: (graph: Graph): Executable => {
      const { inputs, outputs } = copyGraph(graph),
        order = topological(outputs, undefined, sourcesOf);
      return {
        bytes: constantBytes(order),
        get memory() {
          const bytes = (all: readonly Tensor[]) => all.map(({ size }) => 4 * size);
          const temporaries = [peakBytes({ inputs, outputs })];
          return {
            inputs: bytes(inputs),
            outputs: bytes(outputs),
            temporaries,
            kept: 0,
            shared: {},
          };
        },
        run: (given) =>
          evaluate(
            outputs,
            new Map(inputs.map((x, i) => [x, readValues(given[i]!)])),
            rounding(outputs, step),
          )
            .map((values, i) => keep(new ARRAYS[outputs[i]!.dtype](values))),
        explain: () =>
          order.filter((x) => x.op.kind === "kernel" || x.op.kind === "map")
            .map((x) => `${x.op.name} ${showSpec(x)}`).join("\n"),
        dispose: () => {},
      };
    },
    upload: (data) => keep(data.slice()),
    copy: (handle) => keep((handle as Values).values),
    release: (handle) => void live.delete(handle),
    read: (handles: readonly Handle[]) =>
      Promise.resolve(handles.map((handle) => (handle as Values).values.slice())),
    throttle: () => Promise.resolve(),
    memory: () => ({
      buffers: live.size,
      bytes: [...live].reduce((sum, { bytes }) => sum + bytes, 0),
      free: 0,
      temporary: 0,
    }),
    close: () => {
      live.clear();
      return Promise.resolve();
    },
  };
}
