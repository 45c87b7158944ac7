/**
 * The file in a folder that says which program writes there, and that it still lives.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import { OWNER } from "../cli/output_paths.ts";

/** Seconds after which the file is renewed, and after which one that was not is of a program that is gone. */
export const RENEWED = 15, ABANDONED = 180;

/** Another program writes to a folder. */
export class LockedError extends TaskError {
  constructor(path: string, owner: string) {
    super(`${path}: expected a folder that no other program writes to, found ${owner}`);
  }
}

/** A program that writes to a folder. */
interface Owner {
  readonly process: number;
  readonly host: string;
  readonly since: string;
  /** Which lock it is, of all that a program has had. */
  readonly token?: string;
}

const textOf = (owner: Owner): string => JSON.stringify(owner) + "\n";

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(`${path}/${OWNER}`));
  } catch {
    return undefined;
  }
}

/** The program that has locked a folder, in words. */
export async function describeOwner(path: string): Promise<string> {
  const owner = await readOwner(path);
  if (!owner) return "another one";
  const { process, host, since } = owner;
  return `process ${process} on ${host}, which has done so since ${since}`;
}

/** The time of the last change of a file, by the clock of the machine whose disk it is on. */
const changed = async (file: string): Promise<number> => (await Deno.stat(file)).mtime!.getTime();

/**
 * Whether a folder's owner, of another machine, still renews its file. Its age is measured with the time of a
 * new file beside it, so that no two machines' clocks are compared.
 */
async function lives(path: string): Promise<boolean> {
  const probe = `${path}/${OWNER}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeTextFile(probe, "");
    return await changed(probe) - await changed(`${path}/${OWNER}`) < 1000 * ABANDONED;
  } catch {
    // It has just been released.
    return false;
  } finally {
    await Deno.remove(probe).catch(() => {});
  }
}

/**
 * Removes the file of an owner that is gone. Of several programs that try to, one does; another may find the
 * file of the first in its place, and puts it back.
 */
async function evict(path: string, gone: Owner | undefined): Promise<void> {
  const evicted = `${path}/${OWNER}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.rename(`${path}/${OWNER}`, evicted);
    const found = JSON.parse(await Deno.readTextFile(evicted).catch(() => "null")) as Owner | null;
    if (found?.token !== gone?.token) await Deno.link(evicted, `${path}/${OWNER}`);
  } catch {
    // Another program was first, or has made its own.
  } finally {
    await Deno.remove(evicted).catch(() => {});
  }
}

/** Makes the owner's file, whole at once; false if there is one. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const made = `${path}/${OWNER}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeTextFile(made, textOf(owner), { createNew: true });
    await Deno.link(made, `${path}/${OWNER}`);
    return true;
  } catch (error) {
    // On a full disk, or without a folder or links, the system's lock is in force all the same.
    return !(error instanceof Deno.errors.AlreadyExists);
  } finally {
    await Deno.remove(made).catch(() => {});
  }
}

/** Writes a file's text over itself, which is there at every moment. */
function renew(file: string, text: string): void {
  try {
    using open = Deno.openSync(file, { write: true });
    open.writeSync(new TextEncoder().encode(text));
  } catch {
    // The next renewal may succeed.
  }
}

/** Renews the owner's file until disposed of, and then removes it. */
function keep(path: string, owner: Owner): Disposable {
  const file = `${path}/${OWNER}`;
  const renewal = setInterval(() => renew(file, textOf(owner)), 1000 * RENEWED);
  Deno.unrefTimer(renewal);
  return {
    [Symbol.dispose]: () => {
      clearInterval(renewal);
      try {
        // Where this program stood still for long, another may have taken the folder.
        if (Deno.readTextFileSync(file) === textOf(owner)) Deno.removeSync(file);
      } catch {
        // It could not be written, or the folder is gone.
      }
    },
  };
}

/** Milliseconds after which programs that evicted one owner have put back what they should not have moved. */
const SETTLED = 300;

/** Attempts to make the file where others make and evict theirs at the same time. */
const ATTEMPTS = 5;

/**
 * Makes this program the owner of a folder whose system's lock it has. A file of this machine is of a program
 * that is gone, since that would have the lock.
 *
 * @param host The name of this machine.
 * @throws LockedError if a program of another machine is the owner and lives.
 */
export async function own(path: string, host: string = Deno.hostname()): Promise<Disposable> {
  const since = new Date().toISOString(), token = crypto.randomUUID();
  const owner = { process: Deno.pid, host, since, token };
  let contested = false;
  for (let i = 0; i < ATTEMPTS; i++) {
    if (await create(path, owner)) {
      if (contested) await new Promise((resolve) => setTimeout(resolve, SETTLED));
      if (!contested || (await readOwner(path))?.token === token) return keep(path, owner);
      break;
    }
    const other = await readOwner(path), isElsewhere = other && other.host !== host;
    if (isElsewhere && await lives(path)) break;
    contested ||= isElsewhere === true;
    await evict(path, other);
  }
  throw new LockedError(path, await describeOwner(path));
}
