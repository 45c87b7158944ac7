/**
 * The threads that run passes: the caller's own, and workers that share its memory.
 *
 * @module
 */
import {
  ABSENT,
  DO,
  MAILBOX,
  MOST_WORKERS,
  nextMail,
  passName,
  type Run,
  SPINS,
  takeUnits,
  WORD,
} from "./job.ts";
import type { Arena, Block } from "./memory.ts";
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
}

/** Work of a pass below which sharing it out takes longer than doing it. */
const SMALL = 1 << 15;
/** Work of a program below which workers are not started for it. */
const WORTH_WORKERS = 1 << 22;
/** Milliseconds that a first run waits for its workers; without them all it begins alone. */
const PATIENCE = 300;
/** Pieces that each thread's share of a pass is cut into, so that a late thread does less. */
const PIECES = 4;

const mailboxOf = (thread: number) => WORD.mailbox + MAILBOX * (thread - 1);

/** The threads of one device. */
export class Team {
  readonly #arena: Arena;
  readonly #threads: number;
  readonly #words: Int32Array;
  /** Workers by the numbers of their threads, from 1. */
  readonly #workers = new Map<number, Worker>();
  /** The threads that answer, and the last value of their mailboxes. */
  readonly #ready = new Map<number, number>();
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
    if (shares) { for (const module of modules) this.#share(module); }
    for (const module of modules) module.users++;
    return { tasks, runs: tasks.map(({ module, pass }) => module.runs[pass]!), shares };
  }

  #share(module: Module) {
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
      Atomics.store(this.#words, mailboxOf(thread), ABSENT);
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

  /** Starts workers that are not there, waiting a little, and finds out which have come. */
  #gather() {
    const words = this.#words, patient = !this.#starting && !("document" in globalThis);
    this.#starting ??= this.#start();
    const end = performance.now() + PATIENCE;
    for (const thread of this.#workers.keys()) {
      if (this.#ready.has(thread)) continue;
      const mailbox = mailboxOf(thread);
      if (patient) Atomics.wait(words, mailbox, ABSENT, Math.max(0, end - performance.now()));
      if (Atomics.load(words, mailbox) === 0) this.#ready.set(thread, 0);
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
    const helpers = shares ? this.#ready.size : 0;
    if (helpers > 0) {
      words[WORD.local] = local;
      words[WORD.localBytes] = this.#localBytes;
    }
    return helpers;
  }

  #pass({ tasks, runs }: Code, i: number, table: number, helpers: number) {
    const words = this.#words, { units, work, row } = tasks[i]!;
    if (helpers === 0 || units < 2 || work < SMALL) {
      runs[i]!(table + row, 0, units, this.#local?.address ?? 0);
      return;
    }
    const { module: { number, block, bytes }, pass } = tasks[i]!;
    words[WORD.code] = number;
    words[WORD.codeAddress] = block!.address;
    words[WORD.codeBytes] = bytes.length;
    words[WORD.table] = table + row;
    words[WORD.task] = pass;
    words[WORD.units] = units;
    words[WORD.chunk] = Math.max(1, Math.floor(units / ((helpers + 1) * PIECES)));
    Atomics.store(words, WORD.next, 0);
    this.#call(DO.run);
    try {
      takeUnits(words, runs[i]!, 0);
    } finally {
      this.#wait();
    }
  }

  /** Tells every worker that there is a job. */
  #call(kind: number) {
    const words = this.#words;
    words[WORD.kind] = kind;
    Atomics.store(words, WORD.pending, this.#ready.size);
    for (const [thread, seen] of this.#ready) {
      const mailbox = mailboxOf(thread), next = nextMail(seen);
      if (Atomics.compareExchange(words, mailbox, seen, next) === seen) {
        this.#ready.set(thread, next);
        Atomics.notify(words, mailbox);
      } else {
        // It had nothing to do for long and has left; the next run starts another.
        this.#ready.delete(thread);
        this.#workers.delete(thread);
        this.#starting = undefined;
        Atomics.sub(words, WORD.pending, 1);
      }
    }
  }

  /** Waits until every worker is done. */
  #wait() {
    const words = this.#words;
    for (let spin = 0; Atomics.load(words, WORD.pending) !== 0; spin++) {
      // A page's own thread may not wait, only spin.
      if (spin < SPINS || "document" in globalThis) continue;
      const left = Atomics.load(words, WORD.pending);
      if (left !== 0) Atomics.wait(words, WORD.pending, left, 1);
    }
    const failed = Atomics.exchange(words, WORD.failed, 0);
    if (failed !== 0) throw new Error(`cpu: expected thread ${failed} to do its part, it failed`);
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
    if (this.#ready.size === 0) return;
    this.#words[WORD.code] = module.number;
    this.#call(DO.forget);
    this.#wait();
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    await this.#starting;
    if (this.#ready.size > 0) {
      this.#call(DO.end);
      this.#wait();
      this.#ready.clear();
    }
    for (const worker of this.#workers.values()) worker.terminate();
  }
}
