/**
 * Showing a run that another program trains, from its folder.
 *
 * @module
 */
import { RUN_FILES } from "../run/files.ts";
import type { Manifest } from "../run/manifest.ts";
import { readWholeManifest } from "../run/read_manifest.ts";
import { describeSettings } from "../training/describe.ts";
import type { Emit } from "./events.ts";
import { changed, type Follower } from "./follow_grid.ts";
import { replayRun } from "./observe_run.ts";

/** Follows a single run. */
export class RunFollower implements Follower {
  readonly #folder: string;
  readonly #emit: Emit;
  #time = 0;
  #isOver = false;

  constructor(folder: string, emit: Emit) {
    this.#folder = folder;
    this.#emit = emit;
  }

  /** Looks at the folder once, and emits the run where it has changed. */
  async look(): Promise<void> {
    const folder = this.#folder, files = [RUN_FILES.manifest, RUN_FILES.epochs, RUN_FILES.layers];
    const times = await Promise.all(files.map((file) => changed(`${folder}/${file}`)));
    const time = times.reduce((a, b) => a + b, 0), manifest = await readWholeManifest(folder);
    if (time === this.#time || !manifest) return;
    const { settings, status } = manifest;
    if (this.#time === 0) this.#emitSession(manifest);
    this.#time = time;
    const described = { name: describeSettings(settings), settings, folder };
    await replayRun((event) => this.#emit({ kind: "run", key: "", event }), described);
    if (status !== "running" && !this.#isOver) this.#emit({ kind: "end", status });
    this.#isOver = status !== "running";
  }

  #emitSession({ settings: { dataset, net, activation, init }, command, device }: Manifest) {
    const title = `${dataset}, ${net} ${activation}, ${init}`;
    const facts = { title, command, device: `${device.name}: ${device.description}` };
    this.#emit({ kind: "session", facts });
  }
}
