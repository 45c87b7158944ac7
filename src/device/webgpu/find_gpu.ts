/**
 * Looks for a hardware GPU, and says what was found.
 *
 * @module
 */
import { platformName } from "../../platform/name.ts";
import { hasWebGpu, isSoftware, preferredAdapter } from "./adapter.ts";

/** What was found. */
export interface FoundGpu {
  /** Whether there is a hardware GPU. */
  readonly isHardware: boolean;
  /** What was found, in words: `Node.js has no WebGPU`, `found a GPU, "NVIDIA H200"`. */
  readonly words: string;
}

const messageOf = (error: unknown): string => error instanceof Error ? error.message : `${error}`;

/** Looks for a hardware GPU. Never throws: a platform that refuses has none. */
export async function findGpu(): Promise<FoundGpu> {
  const none = (words: string): FoundGpu => ({ isHardware: false, words });
  if (!hasWebGpu()) {
    const insecure = (globalThis as { isSecureContext?: boolean }).isSecureContext === false;
    const why = insecure ? ", which needs a page of https or localhost" : "";
    return none(`${platformName()} has no WebGPU${why}`);
  }
  try {
    const adapter = await preferredAdapter();
    if (!adapter) return none("found no GPU adapter");
    const { info } = adapter, name = info.description || info.device || info.vendor;
    return isSoftware(info)
      ? none(`found only a GPU in software, "${name}"`)
      : { isHardware: true, words: `found a GPU, "${name}"` };
  } catch (error) {
    return none(`found no GPU adapter (${messageOf(error)})`);
  }
}
