/**
 * Showing a run that another program trains, from its folder.
 *
 * @module
 */
import { RUN_FILES } from "../run/files.ts";
import { readManifest } from "../run/manifest.ts";
import type { Settings } from "../run/settings.ts";
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
    const time = times.reduce((a, b) => a + b, 0), manifest = await readManifest(folder);
    if (time === this.#time || !manifest?.settings) return;
    const settings = manifest.settings as unknown as Settings, { status = "running" } = manifest;
    if (this.#time === 0) this.#emitSession(settings, manifest);
    this.#time = time;
    const described = { name: describeSettings(settings), settings, folder };
    await replayRun((event) => this.#emit({ kind: "run", key: "", event }), described);
    if (status !== "running" && !this.#isOver) this.#emit({ kind: "end", status });
    this.#isOver = status !== "running";
  }

  #emitSession(
    { dataset, net, activation, init }: Settings,
    { command = "", device }: NonNullable<Awaited<ReturnType<typeof readManifest>>>,
  ) {
    const title = `${dataset}, ${net} ${activation}, ${init}`;
    const facts = { title, command, device: `${device?.name}: ${device?.description}` };
    this.#emit({ kind: "session", facts });
  }
}
