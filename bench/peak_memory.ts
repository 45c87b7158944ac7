/**
 * The most memory that this process has had.
 *
 * @module
 */

/**
 * The peak resident memory of the process in bytes; undefined where the system does not report it. It is read
 * by `cat`, since Deno itself opens files of /proc only with all permissions.
 */
export function peakBytes(): number | undefined {
  try {
    const { stdout } = new Deno.Command("cat", { args: [`/proc/${Deno.pid}/status`] }).outputSync();
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(new TextDecoder().decode(stdout)) ?? [];
    return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
  } catch {
    return undefined;
  }
}
