/**
 * The threads that run passes: the caller's own, and workers that share its memory.
 *
 * @module
 */
import {
  FORGOTTEN,
  IS,
  MOST_WORKERS,
  passName,
  type Run,
  runPiece,
  SPINS,
  STATE,
  take,
  WORD,
} from "./control_block.ts";
import type { Arena, Block } from "../memory.ts";
import { Sharing, undisturbed } from "./sharing_policy.ts";
import type { Start } from "./worker.ts";

/** Loaded passes, which the tasks of several programs may share. */
export interface Module {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly runs: readonly Run[];
  /** Where workers find its bytes; undefined until a program shares its work. */
  block: Block | undefined;
  /** How many programs and kept kernels need it. */
  users: number;
}

/** A pass of a program, and how much there is to do. */
export interface Task {
  /** The number of the step that it belongs to; those of one step follow one another. */
  readonly step: number;
  readonly units: number;
  /** Roughly, the elements touched and operations done by all units. */
  readonly work: number;
  readonly module: Module;
  /** The number of the pass in its module. */
  readonly pass: number;
  /** Where the addresses that it reads begin in the program's table, in bytes. */
  readonly row: number;
}

/** A loaded program. */
export interface Code {
  readonly tasks: readonly Task[];
  readonly runs: readonly Run[];
  /** Whether workers take part. */
  readonly shares: boolean;
  /** The milliseconds that each task takes one thread that is not disturbed; infinity before it is seen. */
  readonly alone: Float64Array;
}

/** Work and milliseconds of a pass below which sharing it out takes as long as doing it. */
const SMALL = 1 << 15, BRIEF = 0.01;
/** Work of a program below which workers are not started for it. */
const WORTH_WORKERS = 1 << 22;
/** Milliseconds that a first run waits for its workers; without them all it begins alone. */
const PATIENCE = 300;
/** Pieces that each thread's share of a pass is cut into, so that a late thread does less. */
const PIECES = 4;

const stateOf = (thread: number) => WORD.state + STATE * (thread - 1);

/** The threads of one device. */
export class Team {
  readonly #arena: Arena;
  readonly #threads: number;
  readonly #words: Int32Array;
  /** Workers by the numbers of their threads, from 1. */
  readonly #workers = new Map<number, Worker>();
  readonly #sharing = new Sharing();
  /** Workers that are there, as last seen. */
  #here = 0;
  #starting: Promise<unknown> | undefined;
  #local: Block | undefined;
  #localBytes = 0;
  #modules = 0;

  /** @param threads Threads in all, the caller's included; more than one need shared memory. */
  constructor(arena: Arena, threads: number) {
    this.#arena = arena;
    this.#threads = Math.min(threads, MOST_WORKERS + 1);
    this.#words = new Int32Array(arena.memory.buffer, 0, 1024);
  }

  /** Resolves when every worker that was started answers. */
  async settle(): Promise<void> {
    await this.#starting;
  }

  /** Makes sure that each thread has so many bytes of scratch memory. */
  reserve(bytes: number) {
    if (bytes <= this.#localBytes) return;
    const each = Math.ceil(bytes / 4096) * 4096 + 192;
    const larger = this.#arena.take(each * this.#threads, "the threads' own values");
    if (this.#local) this.#arena.give(this.#local);
    this.#local = larger;
    this.#localBytes = each;
  }

  /** Makes the passes of a module callable, of which there are so many. */
  load(bytes: Uint8Array<ArrayBuffer>, passes: number): Module {
    const imports = { env: { memory: this.#arena.memory } };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
    const runs = Array.from({ length: passes }, (_, i) => exports[passName(i)] as unknown as Run);
    return { number: this.#modules++, bytes, runs, block: undefined, users: 0 };
  }

  /** A program of passes of modules, which stay until it is given back by {@linkcode unload}. */
  program(tasks: readonly Task[]): Code {
    const large = tasks.reduce((sum, { work }) => sum + work, 0) >= WORTH_WORKERS;
    const shares = large && this.#threads > 1, modules = new Set(tasks.map(({ module }) => module));
    if (shares) { for (const module of modules) this.#publish(module); }
    for (const module of modules) module.users++;
    const runs = tasks.map(({ module, pass }) => module.runs[pass]!);
    return { tasks, runs, shares, alone: new Float64Array(tasks.length).fill(Infinity) };
  }

  #publish(module: Module) {
    if (module.block) return;
    const { bytes } = module, block = this.#arena.take(bytes.length, "code");
    this.#arena.bytes(block.address, bytes.length).set(bytes);
    module.block = block;
  }

  /** Starts the workers that are not there. */
  #start(): Promise<unknown> {
    const threads = Array.from({ length: this.#threads - 1 }, (_, i) => i + 1);
    return Promise.all(threads.map((thread) => {
      if (this.#workers.has(thread)) return;
      const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
      this.#workers.set(thread, worker);
      Atomics.store(this.#words, stateOf(thread), IS.absent);
      return new Promise<void>((resolve) => {
        worker.onmessage = () => resolve();
        // Without this worker the others, or the caller alone, do its share.
        worker.onerror = (event) => {
          event.preventDefault();
          resolve();
        };
        worker.postMessage({ memory: this.#arena.memory, thread } satisfies Start);
      });
    }));
  }

  /** Starts workers that are not there, waiting a little for the first ones, and counts those that are. */
  #gather() {
    const words = this.#words, patient = !this.#starting && !("document" in globalThis);
    for (const thread of this.#workers.keys()) {
      // It had nothing to do for long and has left.
      if (Atomics.load(words, stateOf(thread)) !== IS.gone) continue;
      this.#workers.delete(thread);
      this.#starting = undefined;
    }
    this.#starting ??= this.#start();
    const end = performance.now() + PATIENCE;
    this.#here = 0;
    for (const thread of this.#workers.keys()) {
      const state = stateOf(thread);
      if (patient) Atomics.wait(words, state, IS.absent, Math.max(0, end - performance.now()));
      if (Atomics.load(words, state) === IS.here) this.#here++;
    }
  }

  /** Runs every pass of a program in order. */
  run(code: Code, table: number) {
    const helpers = this.#begin(code);
    for (let i = 0; i < code.tasks.length; i++) this.#pass(code, i, table, helpers);
  }

  /** Runs every pass of a program in order, and writes the milliseconds of each into `ms`. */
  runTimed(code: Code, table: number, ms: number[]) {
    const helpers = this.#begin(code);
    let from = performance.now();
    for (let i = 0; i < code.tasks.length; i++) {
      this.#pass(code, i, table, helpers);
      const to = performance.now();
      ms[i] = to - from;
      from = to;
    }
  }

  /** Tells the workers, how many are returned, that a program is next. */
  #begin({ shares }: Code): number {
    const words = this.#words, local = this.#local?.address ?? 0;
    if (shares) this.#gather();
    const helpers = shares ? this.#here : 0;
    if (helpers > 0) {
      words[WORD.local] = local;
      words[WORD.localBytes] = this.#localBytes;
    }
    return helpers;
  }

  #pass({ tasks, runs, alone }: Code, i: number, table: number, helpers: number) {
    const task = tasks[i]!, run = runs[i]!, at = table + task.row;
    if (helpers > 0 && task.units > 1 && task.work >= SMALL && alone[i]! >= BRIEF) {
      const now = performance.now();
      if (this.#sharing.pays(now)) return this.#share(task, run, at, helpers, now, alone, i);
    }
    run(at, 0, task.units, this.#local?.address ?? 0);
  }

  /** Shares a pass out: whoever has time takes pieces, and the caller waits for those alone that are taken. */
  #share(
    { module, pass, units }: Task,
    run: Run,
    table: number,
    helpers: number,
    from: number,
    alone: Float64Array,
    i: number,
  ) {
    const words = this.#words, chunk = Math.max(1, Math.floor(units / ((helpers + 1) * PIECES)));
    const chunks = Math.ceil(units / chunk);
    words[WORD.code] = module.number;
    words[WORD.codeAddress] = module.block!.address;
    words[WORD.codeBytes] = module.bytes.length;
    words[WORD.table] = table;
    words[WORD.task] = pass;
    words[WORD.units] = units;
    words[WORD.chunk] = chunk;
    words[WORD.chunks] = chunks;
    words[WORD.compiled] = 0;
    Atomics.store(words, WORD.done, 0);
    Atomics.store(words, WORD.left, chunks);
    this.#ring();
    const began = performance.now();
    let own = 0, ownUnits = 0;
    try {
      for (let left = take(words); left > 0; left = take(words)) {
        own++;
        ownUnits += left > 1 ? chunk : units - (chunks - 1) * chunk;
        runPiece(words, run, 0, left);
      }
    } catch (error) {
      // Nobody is to take what is left, nor to be waited for.
      this.#wait(chunks, own + Atomics.exchange(words, WORD.left, 0));
      throw error;
    }
    const ended = performance.now(), waited = this.#wait(chunks, own);
    if (own === 0 || words[WORD.compiled]) return;
    alone[i] = undisturbed(alone[i]!, (ended - began) * units / ownUnits);
    const now = waited ? performance.now() : ended;
    this.#sharing.note(now, now - from, alone[i]!);
  }

  /** Tells every worker that there is something to do. */
  #ring() {
    const words = this.#words;
    Atomics.add(words, WORD.bell, 1);
    if (Atomics.load(words, WORD.sleepers) > 0) Atomics.notify(words, WORD.bell);
  }

  /** Waits until every piece is done, of which so many are the caller's own; whether that took any time. */
  #wait(chunks: number, own: number): boolean {
    const words = this.#words;
    let done = Atomics.add(words, WORD.done, own) + own;
    const waits = done < chunks;
    for (let spin = 0; done < chunks; spin++, done = Atomics.load(words, WORD.done)) {
      // A page's own thread may not wait, only spin.
      if (spin >= SPINS && !("document" in globalThis)) Atomics.wait(words, WORD.done, done);
    }
    const failed = Atomics.exchange(words, WORD.failed, 0);
    if (failed !== 0) throw new Error(`cpu: expected thread ${failed} to do its part, it failed`);
    return waits;
  }

  /** Forgets a program. */
  unload({ tasks }: Code) {
    for (const module of new Set(tasks.map(({ module }) => module))) this.release(module);
  }

  /** Ends one use of a module; without any it is forgotten. */
  release(module: Module) {
    if (--module.users > 0 || !module.block) return;
    this.#arena.give(module.block);
    module.block = undefined;
    if (this.#workers.size === 0) return;
    const words = this.#words, count = Atomics.load(words, WORD.forgets);
    Atomics.store(words, WORD.forgotten + count % FORGOTTEN, module.number);
    Atomics.store(words, WORD.forgets, count + 1);
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    await this.#starting;
    if (this.#workers.size === 0) return;
    Atomics.store(this.#words, WORD.ending, 1);
    this.#ring();
    for (const worker of this.#workers.values()) worker.terminate();
  }
}
