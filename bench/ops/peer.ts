/**
 * A program that is asked on lines of its input and answers on lines of its output, both JSON.
 *
 * @module
 */
import { NO_LOADER, TaskError } from "../../tasks/cli/mod.ts";
import { lines } from "./lines.ts";

/** A running program. */
export class Peer implements AsyncDisposable {
  readonly #name: string;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncGenerator<string>;

  /** Starts a program; its errors go to ours. */
  constructor(name: string, [program = "", ...args]: readonly string[]) {
    this.#name = name;
    const streams = { stdin: "piped", stdout: "piped", stderr: "inherit" } as const;
    this.#child = new Deno.Command(program, { args, env: NO_LOADER, ...streams }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = lines(this.#child.stdout);
  }

  /** The next line of the program. Throws a {@linkcode TaskError} where it has ended. */
  async hear(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value);
    const { code } = await this.#child.status;
    throw new TaskError(`${this.#name}: expected an answer, found that it ended with ${code}`);
  }

  /** Asks the program, and waits for its answer. */
  async ask(question: unknown): Promise<unknown> {
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(question) + "\n"))
      .catch(() => {}); // Where it has ended, hear() says so.
    return await this.hear();
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#child.status;
  }
}
