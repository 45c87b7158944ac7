/**
 * The server of the live page. Unlike Deno.serve it has time limits and a cap on connections, so that clients
 * that send or read nothing neither hold it up nor exhaust the process's files.
 *
 * @module
 */
import { Connection, type Handler, type TimeLimits } from "./connection.ts";

/** Limits of a server. */
export interface Limits extends TimeLimits {
  /** The most connections. */
  readonly connections: number;
}

/** The limits of the live page. */
export const LIMITS: Limits = { connections: 64, request: 5000, write: 10_000, end: 1000 };

/** Milliseconds to wait where no connection can be accepted, as the process has too many files open. */
const PAUSE = 100;

/** A server. */
export interface Server {
  readonly port: number;
  /** How many connections are open. */
  readonly connections: number;
  /** Accepts no more connections, and waits for those that are answered. */
  shutdown(): Promise<void>;
}

/** Ends one connection to make room: the oldest that has not sent its request, else the oldest. */
function makeRoom(open: Set<Connection>): void {
  const [oldest] = open, waiting = [...open].find(({ answering }) => !answering);
  const ended = waiting ?? oldest!;
  open.delete(ended);
  ended.close();
}

/** The next connection; undefined once the server listens no more. */
async function accept(listener: Deno.Listener): Promise<Deno.Conn | undefined> {
  for (;;) {
    try {
      return await listener.accept();
    } catch (error) {
      if (error instanceof Deno.errors.BadResource) return undefined;
      if (error instanceof Deno.errors.Interrupted) return undefined;
      // A client that has left already, or too many open files.
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** Listens at a port of an address. Throws Deno's error where that is not possible. */
export function serve(
  options: { readonly hostname: string; readonly port: number },
  handler: Handler,
  limits: Limits = LIMITS,
): Server {
  const listener = Deno.listen(options),
    open = new Set<Connection>(),
    ends = new Set<Promise<void>>();
  const answer: Handler = (request) => {
    try {
      return handler(request);
    } catch {
      return new Response(null, { status: 500 });
    }
  };
  const take = (accepted: Deno.Conn) => {
    if (open.size >= limits.connections) makeRoom(open);
    const connection = new Connection(accepted, limits);
    open.add(connection);
    const end = connection.serve(answer).finally(() => {
      open.delete(connection);
      ends.delete(end);
    });
    ends.add(end);
  };
  const listen = async () => {
    for (let next = await accept(listener); next; next = await accept(listener)) take(next);
  };
  const ended = listen();
  return {
    port: listener.addr.port,
    get connections() {
      return open.size;
    },
    async shutdown() {
      listener.close();
      for (const connection of open) if (!connection.answering) connection.close();
      await ended;
      await Promise.all(ends);
    },
  };
}
