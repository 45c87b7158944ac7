/**
 * A worker of the page: loads images, walks down a net with LSUV, or trains one.
 *
 * @module
 */
import { open, type Runtime } from "../mod.ts";
import type { Answer, Request } from "./messages.ts";
import { drawShapes, readFiles, type Splits } from "./net/images.ts";
import { train, type TrainingEvent } from "./net/train.ts";
import { walk } from "./net/walk.ts";

const port = globalThis as unknown as {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(answer: Answer): void;
};

/** Milliseconds between two messages about a training. */
const PAUSE = 80;

let images: Splits | undefined;
/** The CPU computes the picture: its code is compiled at once, where a GPU's shaders take seconds. */
let cpu: Promise<Runtime> | undefined;
/** The number of the last walk that was asked for; earlier ones stop. */
let last = 0;

const loadImages = async (source: Extract<Request, { kind: "images" }>["source"]) => {
  images = source === "shapes" ? drawShapes() : await readFiles(source);
  port.postMessage({ kind: "images", images });
};

async function showWalk({ id, setting }: Extract<Request, { kind: "walk" }>) {
  last = id;
  const { train } = images ??= drawShapes();
  const run = await (cpu ??= open({ device: "cpu", threads: 1 }));
  for await (const frame of walk(run, setting, train)) {
    // So that a newer request is heard.
    await new Promise((resolve) => setTimeout(resolve));
    if (last !== id) return;
    port.postMessage({ kind: "frame", id, frame });
  }
}

async function trainOne(request: Extract<Request, { kind: "train" }>) {
  const { setting, init, device, threads, steps } = request;
  const run = await open({ device, threads });
  const { description, reason } = run;
  port.postMessage({ kind: "device", device: run.device, description, reason });
  let events: TrainingEvent[] = [], sent = performance.now();
  const send = () => {
    port.postMessage({ kind: "training", events });
    events = [];
    sent = performance.now();
  };
  for await (const event of train(run, setting, init, request.images, steps)) {
    events.push(event);
    if (performance.now() - sent > PAUSE) send();
  }
  send();
  port.postMessage({ kind: "done" });
}

function serve(request: Request): Promise<void> {
  switch (request.kind) {
    case "images":
      return loadImages(request.source);
    case "walk":
      return showWalk(request);
    case "train":
      return trainOne(request);
  }
}

port.onmessage = ({ data }) => {
  serve(data).catch((error) => {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: "failed", while: data.kind, message });
  });
};
