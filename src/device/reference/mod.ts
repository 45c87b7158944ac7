/**
 * The reference device: {@linkcode evaluate} behind the interface of a device.
 *
 * @module
 */
import { ARRAYS, type Data, showSpec, type Spec, topological } from "../../tensor.ts";
import type { Device, Executable, Graph, Handle } from "../device.ts";
import type { Profiler } from "../profile.ts";
import { hostCeilings } from "./ceilings.ts";
import { evaluate } from "./evaluate.ts";
import { measured } from "./measure.ts";

interface Values extends Handle {
  readonly values: Float64Array;
}

/**
 * Opens the reference device: float64, one thread, no set-up.
 *
 * @param profiler Given, it is told what each op takes.
 */
export function openReference(profiler?: Profiler): Device {
  const live = new Set<Handle>();
  const keep = (values: Float64Array): Values => {
    const handle = { values, bytes: values.byteLength };
    live.add(handle);
    return handle;
  };
  const valuesOf = (x: Handle | Data) =>
    ArrayBuffer.isView(x) ? Float64Array.from(x) : (x as Values).values;
  const step = profiler && measured(profiler);
  return {
    name: "reference",
    description: "float64 interpreter",
    ...(profiler && {
      profiling: {
        profiler,
        settle: () => Promise.resolve(),
        ceilings: () => Promise.resolve(hostCeilings()),
      },
    }),
    compile: ({ inputs, outputs }: Graph): Executable => ({
      run: (given) =>
        evaluate(outputs, new Map(inputs.map((x, i) => [x, valuesOf(given[i])])), step).map(keep),
      explain: () =>
        topological(outputs, (x) => inputs.includes(x))
          .filter((x) => x.op.kind === "kernel" || x.op.kind === "map")
          .map((x) => `${x.op.name} ${showSpec(x)}`).join("\n"),
      dispose: () => {},
    }),
    upload: (data) => keep(Float64Array.from(data)),
    copy: (handle) => keep((handle as Values).values),
    release: (handle) => void live.delete(handle),
    read: (handles: readonly Handle[], specs: readonly Spec[]) =>
      Promise.resolve(handles.map((h, i) => ARRAYS[specs[i].dtype].from((h as Values).values))),
    throttle: () => Promise.resolve(),
    memory: () => ({
      buffers: live.size,
      bytes: [...live].reduce((sum, { bytes }) => sum + bytes, 0),
    }),
    close: () => {
      live.clear();
      return Promise.resolve();
    },
  };
}
