/**
 * The thread pool: the caller's own thread and workers that share its memory run programs.
 *
 * @module
 */
import { alignedBytes, type Arena, type Block } from "../arena.ts";
import type { NativeCode } from "../native/mod.ts";
import { awaitChunks } from "./await_chunks.ts";
import {
  controlWords,
  MAX_WORKERS,
  type PassFunction,
  runChunk,
  takeChunk,
  WORD,
} from "./control_block.ts";
import { type LoadedModule, ModuleStore } from "./module_store.ts";
import { PassClock } from "./pass_clock.ts";
import { SharingPolicy, updateSoloMs } from "./sharing_policy.ts";
import type { LoadedProgram, Task } from "./task.ts";
import { encodeShared, encodeTiles, MemoryWords, runTiles, sharedTilesBytes } from "./tiles.ts";
import { Workers } from "./workers.ts";

/**
 * Bytes behind each thread's scratch memory: vectors may extend beyond what is reserved, and threads'
 * memories should not begin at equal places of the caches.
 */
const LOCAL_SLACK = 192;
/** A task with less work or fewer milliseconds than these is not worth sharing. */
const SMALL_WORK = 1 << 15, BRIEF_MS = 0.01;
/** The fewest milliseconds of a task, and of a program, for which workers that sleep are woken. */
const WORTH_WAKING = { task: 0.04, program: 0.08 };
/** The least work of a program that is shared, and the work for which workers are started. */
const WORTH_SHARING = 1 << 17, WORTH_WORKERS = 1 << 22;
/** How many times that work small programs must have done before workers are started for them. */
const PATIENCE = 8;
/** Chunks per thread, so that a late thread does less. */
const CHUNKS_PER_THREAD = 4;
/** A chunk of many units is a multiple of this, so that threads write to different cache lines. */
const UNITS_TOGETHER = 64;

/** The bytes that a thread gets for so many bytes of scratch memory. */
const localBytes = (bytes: number): number => Math.ceil(bytes / 4096) * 4096 + LOCAL_SLACK;

/** The modules of tasks, each once. */
const modulesOf = (tasks: readonly Task[]): ReadonlySet<LoadedModule> =>
  new Set(tasks.flatMap(({ passes }) => passes.map(({ module }) => module)));

/** The work of all tasks. */
const totalWork = (tasks: readonly Task[]): number =>
  tasks.reduce((sum, { work }) => sum + work, 0);

/** The units of a chunk, if so many threads share all units. */
function chunkOf(units: number, threads: number): number {
  const chunk = Math.max(1, Math.floor(units / (threads * CHUNKS_PER_THREAD)));
  return chunk < 4 * UNITS_TOGETHER ? chunk : Math.ceil(chunk / UNITS_TOGETHER) * UNITS_TOGETHER;
}

/** The function that the caller runs for a task. */
function taskFunction(
  { passes, tiles }: Task,
  memory: MemoryWords,
  clock: PassClock,
): PassFunction {
  const functions = passes.map(({ module, pass }) => module.passes[pass]!);
  if (!tiles) return functions[0]!;
  const words = encodeTiles(tiles);
  return (...range) => {
    runTiles(functions, words, memory, range, clock.isOn ? clock.lap : undefined);
  };
}

/** Tasks, and the scratch memory that each thread needs for them, in bytes. */
interface LocalTasks {
  readonly tasks: readonly Task[];
  readonly local: number;
}

/** The threads of one device. */
export class WorkerPool {
  readonly #arena: Arena;
  readonly #threads: number;
  readonly #words: Int32Array;
  readonly #workers: Workers;
  readonly #modules: ModuleStore;
  readonly #policy = new SharingPolicy();
  readonly #clock = new PassClock();
  readonly #native: NativeCode | undefined;
  #isClosed = false;
  /** Why nothing can be run any more: a thread that may yet come back would write over later results. */
  #failure: unknown;
  /** The work of small programs that no worker has shared. */
  #done = 0;
  #local: Block | undefined;
  #localBytes = 0;

  /**
   * @param threads The number of threads, the caller's included; more than one requires shared memory.
   * @param native The native code that modules call, if any.
   */
  constructor(arena: Arena, threads: number, native?: NativeCode) {
    this.#arena = arena;
    this.#native = native;
    this.#threads = Math.min(threads, MAX_WORKERS + 1);
    this.#words = controlWords(arena.memory);
    this.#workers = new Workers(arena.memory, this.#words, this.#threads - 1, native);
    this.#modules = new ModuleStore(arena, this.#words, native);
  }

  /** Resolves when every started worker has answered. */
  settle(): Promise<void> {
    return this.#workers.settle();
  }

  /** Reserves at least so many bytes of scratch memory per thread. */
  reserve(bytes: number) {
    if (bytes + LOCAL_SLACK <= this.#localBytes) return;
    const each = localBytes(bytes);
    const larger = this.#arena.allocate(each * this.#threads, "the threads' own values");
    if (this.#local) this.#arena.free(this.#local);
    this.#local = larger;
    this.#localBytes = each;
  }

  /** The bytes that programs share: the threads' scratch memory, and the code of modules for workers. */
  sharedBytes({ tasks, local }: LocalTasks): Readonly<Record<string, number>> {
    const scratch = { "scratch memory of threads": this.#threads * localBytes(local) };
    if (!this.#isShared(tasks)) return scratch;
    const code = [...modulesOf(tasks)].map(({ number, bytes }) =>
      [`code ${number}`, alignedBytes(bytes.length)] as const
    );
    return { ...scratch, ...Object.fromEntries(code) };
  }

  /** The bytes with which tasks that run tile by tile are described to workers. */
  tilesBytes(tasks: readonly Task[]): number {
    if (!this.#isShared(tasks)) return 0;
    const bytes = (task: Task) => task.tiles ? alignedBytes(sharedTilesBytes(task.tiles)) : 0;
    return tasks.reduce((sum, task) => sum + bytes(task), 0);
  }

  /** Keeps the modules of tasks until {@linkcode forget}. */
  retain(tasks: readonly Task[]) {
    for (const module of modulesOf(tasks)) module.users++;
  }

  /** Ends {@linkcode retain}. */
  forget(tasks: readonly Task[]) {
    for (const module of modulesOf(tasks)) this.releaseModule(module);
  }

  /** Whether workers may take part in tasks. */
  #isShared(tasks: readonly Task[]): boolean {
    return this.#threads > 1 && totalWork(tasks) >= WORTH_SHARING;
  }

  /** Loads a module of `passes` passes; `routines` are those of native code that it calls. */
  loadModule(
    bytes: Uint8Array<ArrayBuffer>,
    passes: number,
    routines?: Iterable<number>,
  ): LoadedModule {
    return this.#modules.load(bytes, passes, routines);
  }

  /** Ends one use of a module. */
  releaseModule(module: LoadedModule) {
    this.#modules.release(module, this.#workers.started);
  }

  /** Loads a program, whose modules are kept until {@linkcode unload}. */
  load(tasks: readonly Task[]): LoadedProgram {
    const isShared = this.#isShared(tasks);
    if (isShared) { for (const module of modulesOf(tasks)) this.#modules.publish(module); }
    this.retain(tasks);
    const memory = new MemoryWords(this.#arena.memory);
    return {
      tasks,
      runs: tasks.map((task) => taskFunction(task, memory, this.#clock)),
      work: totalWork(tasks),
      isShared,
      shared: tasks.map((task) => isShared && task.tiles ? this.#publishTiles(task) : undefined),
      soloMs: new Float64Array(tasks.length).fill(Infinity),
    };
  }

  /** Publishes how a task runs tile by tile, for workers. */
  #publishTiles({ passes, tiles }: Task): Block {
    const words = encodeShared(
      encodeTiles(tiles!),
      passes.map(({ module, pass }) => [
        module.number,
        module.block!.address,
        module.bytes.length,
        pass,
      ]),
    );
    const block = this.#arena.allocate(words.byteLength, "code");
    new Int32Array(this.#arena.memory.buffer, block.address, words.length).set(words);
    return block;
  }

  /** Unloads a program. */
  unload({ tasks, shared }: LoadedProgram) {
    for (const block of shared) if (block) this.#arena.free(block);
    this.forget(tasks);
  }

  /** Runs every task of a program in order; `after` is called after each, with its index. */
  run(program: LoadedProgram, table: number, after?: (task: number) => void) {
    const helpers = this.#begin(program);
    for (let i = 0; i < program.tasks.length; i++) {
      this.#runTask(program, i, table, helpers);
      after?.(i);
    }
  }

  /** Runs every task of a program in order, and writes the milliseconds of each of its passes. */
  runTimed(
    program: LoadedProgram,
    table: number,
    ms: readonly Float64Array[],
    after?: (task: number) => void,
  ) {
    const helpers = this.#begin(program);
    let from = performance.now();
    for (let i = 0; i < program.tasks.length; i++) {
      this.#clock.start(ms[i]!);
      this.#runTask(program, i, table, helpers);
      const to = performance.now();
      this.#clock.end(to - from);
      after?.(i);
      from = after ? performance.now() : to;
    }
  }

  /** Prepares a run of a program; returns the number of workers that take part. */
  #begin(program: LoadedProgram): number {
    if (this.#isClosed) throw new Error("cpu: expected an open device, found a closed one");
    if (this.#failure) throw this.#failure;
    const { isShared, work } = program;
    const helpers = isShared && this.#isWorthWorkers(work) ? this.#workers.gather() : 0;
    if (helpers > 0) {
      this.#words[WORD.local] = this.#local?.address ?? 0;
      this.#words[WORD.localBytes] = this.#localBytes;
      if (this.#workers.sleep && this.#isWorthWaking(program)) this.#workers.wake();
    }
    return helpers;
  }

  /** Whether a program's tasks are worth waking the workers once, before the first of them. */
  #isWorthWaking({ soloMs }: LoadedProgram): boolean {
    let ms = 0;
    for (let i = 0; i < soloMs.length; i++) if (soloMs[i]! >= BRIEF_MS) ms += soloMs[i]!;
    return ms >= WORTH_WAKING.program && this.#policy.pays(performance.now());
  }

  /** Whether workers should be started, unless they are there: for much work, or often for little. */
  #isWorthWorkers(work: number): boolean {
    if (work >= WORTH_WORKERS || this.#workers.started) return true;
    this.#done += work;
    return this.#done >= PATIENCE * WORTH_WORKERS;
  }

  /** Runs a task, alone, or shared where that pays. */
  #runTask(program: LoadedProgram, i: number, table: number, helpers: number) {
    const { tasks, runs, soloMs } = program, task = tasks[i]!;
    if (helpers > 0 && task.units > 1 && task.work >= SMALL_WORK) {
      const least = this.#workers.sleep ? WORTH_WAKING.task : BRIEF_MS, now = performance.now();
      if (soloMs[i]! >= least && this.#policy.pays(now)) {
        return this.#share(program, i, table, helpers, now);
      }
    }
    runs[i]!(table + task.row, 0, task.units, this.#local?.address ?? 0);
  }

  /** Shares a pass: every free thread claims chunks, and the caller waits only for claimed ones. */
  #share(program: LoadedProgram, i: number, table: number, helpers: number, from: number) {
    const words = this.#words, { soloMs } = program, run = program.runs[i]!;
    const { units } = program.tasks[i]!, chunk = chunkOf(units, helpers + 1);
    const chunks = Math.ceil(units / chunk);
    this.#publishTask(program, i, table, chunk, chunks);
    this.#workers.wake();
    const began = performance.now();
    let own = 0, ownUnits = 0;
    try {
      for (let remaining = takeChunk(words); remaining > 0; remaining = takeChunk(words)) {
        own++;
        ownUnits += remaining > 1 ? chunk : units - (chunks - 1) * chunk;
        runChunk(words, run, 0, remaining);
      }
    } catch (error) {
      // Withdraw the unclaimed chunks, and wait for the claimed ones.
      this.#wait(chunks, own + Atomics.exchange(words, WORD.remaining, 0), soloMs[i]!);
      throw error;
    }
    const ended = performance.now(), waited = this.#wait(chunks, own, soloMs[i]!);
    if (own === 0 || words[WORD.compiled]) return;
    soloMs[i] = updateSoloMs(soloMs[i]!, (ended - began) * units / ownUnits);
    const now = waited ? performance.now() : ended;
    this.#policy.record(now, now - from, soloMs[i]!, began - from + now - ended);
  }

  /** Publishes a task in the control block; the last word written makes its chunks available. */
  #publishTask(
    { tasks, shared }: LoadedProgram,
    i: number,
    table: number,
    chunk: number,
    chunks: number,
  ) {
    const words = this.#words, { passes: [{ module, pass }], units, row } = tasks[i]!;
    words[WORD.module] = module.number;
    words[WORD.moduleAddress] = module.block!.address;
    words[WORD.moduleBytes] = module.bytes.length;
    words[WORD.tiles] = shared[i]?.address ?? 0;
    words[WORD.table] = table + row;
    words[WORD.pass] = pass;
    words[WORD.units] = units;
    words[WORD.chunk] = chunk;
    words[WORD.chunks] = chunks;
    words[WORD.compiled] = 0;
    Atomics.store(words, WORD.done, 0);
    Atomics.store(words, WORD.remaining, chunks);
  }

  /** Waits until every chunk is done, `own` of them by the caller; returns whether it had to wait. */
  #wait(chunks: number, own: number, soloMs: number): boolean {
    try {
      return awaitChunks(this.#words, { chunks, own, soloMs });
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** Terminates the workers, and frees the native code of all threads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#workers.close();
    this.#native?.close();
  }
}
