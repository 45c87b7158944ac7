/**
 * Manifests of runs, for tests.
 *
 * @module
 */
import configuration from "../../../deno.json" with { type: "json" };
import type { Manifest } from "../../../tasks/run/manifest.ts";
import type { Settings } from "../../../tasks/run/settings.ts";

const session = {
  program: { name: configuration.name, version: configuration.version, commit: "0123abc" },
  deno: "2.9.6",
  system: "linux x86_64",
  command: "deno task train:cifar",
  folder: "/home/user",
  started: "2026-01-01T00:00:00.000Z",
  device: { name: "cpu", description: "WebAssembly, 2 threads" },
};

const data = (name: string) => ({ name, count: 100, sha256: "5f".repeat(32) });

const epoch = {
  epoch: 1,
  step: 8,
  trainLoss: 1,
  trainAccuracy: 0.5,
  testLoss: 1,
  testAccuracy: 0.5,
  seconds: 1,
  imagesPerSecond: 100,
};

/** The manifest of a run that was resumed and stopped again, with these settings. */
export const manifestWith = (settings: Settings): Manifest => ({
  ...session,
  status: "stopped",
  data: {
    origin: {
      kind: "procedural",
      seed: 0,
      plain: true,
      instead: { of: "cifar10", because: "there was no network" },
    },
    train: data("train"),
    test: data("test"),
  },
  seed: settings.seed,
  settings,
  model: { net: settings.net, input: "32x32x3" },
  initialisation: { initSeconds: 1, forwardPasses: 2 },
  ended: "2026-01-01T00:01:00.000Z",
  results: {
    parameters: 100,
    steps: 8,
    seconds: 10,
    lastEpoch: epoch,
    bestEpoch: epoch,
    checkpoints: { count: 1, seconds: 0.1 },
  },
  resumed: [{ ...session, step: 4, epochs: 1 }],
});
