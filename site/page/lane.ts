/// <reference lib="dom" />
/**
 * One net of a comparison, which a worker of its own trains.
 *
 * @module
 */
import type { DeviceName } from "../../mod.ts";
import type { Answer, Request } from "../messages.ts";
import type { Splits } from "../net/images.ts";
import type { InitName, Setting } from "../net/setting.ts";

/** What is known of a net's training. */
export interface LaneState {
  readonly losses: number[];
  accuracy: number | undefined;
  /** `GPU` or `CPU`; undefined until it is open. */
  device: string | undefined;
  /** The device in words. */
  description: string;
  /** Why this device. */
  reason: string;
  /** What went wrong. */
  fault: string | undefined;
  status: "starting" | "training" | "done" | "stopped" | "failed";
  /** When the first step was done, and how many there were by the last. */
  began: number | undefined;
  ms: number | undefined;
}

/** What a net is trained with. */
export interface LaneOptions {
  readonly setting: Setting;
  readonly init: InitName;
  readonly images: Splits;
  readonly device: DeviceName;
  readonly threads: number;
  readonly steps: number;
}

/** Starts a worker of the page. */
export function startWorker(
  onAnswer: (answer: Answer) => void,
  onFault: (message: string) => void,
): { send(request: Request): void; stop(): void } {
  const worker = new Worker(new URL("../worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Answer>) => onAnswer(data);
  worker.onerror = (event) => {
    event.preventDefault();
    onFault(event.message || "the worker's script did not load");
  };
  return { send: (request) => worker.postMessage(request), stop: () => worker.terminate() };
}

/** A net that trains. */
export class Lane {
  /** Its initialization. */
  readonly init: InitName;
  /** What is known of its training. */
  readonly state: LaneState;
  readonly #options: LaneOptions;
  readonly #changed: () => void;
  #worker: ReturnType<typeof startWorker> | undefined;

  /** @param changed Called whenever the state has changed. */
  constructor(options: LaneOptions, changed: () => void) {
    this.init = options.init;
    this.#options = options;
    this.#changed = changed;
    this.state = {
      losses: [],
      accuracy: undefined,
      device: undefined,
      description: "",
      reason: "",
      fault: undefined,
      status: "starting",
      began: undefined,
      ms: undefined,
    };
    this.#start(options.device);
  }

  /** Whether it is under way. */
  get isRunning(): boolean {
    return this.state.status === "starting" || this.state.status === "training";
  }

  /** Ends its worker. */
  stop(status: LaneState["status"] = "stopped"): void {
    this.#worker?.stop();
    if (!this.isRunning) return;
    this.state.status = status;
    this.#changed();
  }

  #start(device: DeviceName) {
    this.#worker = startWorker(
      (answer) => this.#take(answer),
      (message) => this.#fail(message),
    );
    this.#worker.send({ kind: "train", ...this.#options, device });
  }

  #take(answer: Answer) {
    const { state } = this;
    if (answer.kind === "device") {
      state.device = answer.device === "webgpu" ? "GPU" : "CPU";
      state.description = answer.description;
      state.reason = answer.reason === "asked for" ? "" : answer.reason;
      state.status = "training";
    } else if (answer.kind === "training") {
      for (const event of answer.events) {
        if (event.kind === "step") state.losses.push(event.loss);
        else state.accuracy = event.accuracy;
      }
      const now = performance.now(), count = state.losses.length;
      if (state.began === undefined) state.began = now;
      else if (count > 1) state.ms = (now - state.began) / (count - 1);
    } else if (answer.kind === "done") this.stop("done");
    else if (answer.kind === "failed") return this.#fail(answer.message);
    this.#changed();
  }

  /** Goes on with the CPU where another device failed. */
  #fail(message: string) {
    const { state } = this, onCpu = this.#options.device === "cpu" || state.fault !== undefined;
    this.#worker?.stop();
    state.fault = message;
    if (onCpu) return this.stop("failed");
    Object.assign(state, {
      device: undefined,
      status: "starting",
      began: undefined,
      ms: undefined,
    });
    state.losses.length = 0;
    this.#changed();
    this.#start("cpu");
  }
}
