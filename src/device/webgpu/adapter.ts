/**
 * The adapter that the platform offers: hardware or software, and whether the device can be opened on it.
 *
 * @module
 */
import { BROWSER, platformName } from "../../platform/name.ts";

const INSTALL = "On Linux install a Vulkan driver: the GPU's own, or the software one (Debian, " +
  "Ubuntu: apt-get install mesa-vulkan-drivers; Fedora: dnf install mesa-vulkan-drivers; Arch: " +
  "pacman -S vulkan-swrast). `sh setup.sh --webgpu` does this where it can.";

/** What a browser's user can do where there is no adapter. */
const IN_BROWSER =
  "A browser has one on pages of https or localhost where it supports WebGPU and " +
  "the GPU's driver; Chromium's chrome://gpu and Firefox's about:support say why not.";

/** The properties of an adapter that tell hardware from software. */
export type AdapterInfo = Pick<
  GPUAdapterInfo,
  | "architecture"
  | "description"
  | "device"
  | "isFallbackAdapter"
  | "subgroupMinSize"
  | "subgroupMaxSize"
>;

/** Whether the platform has WebGPU at all. */
export const hasWebGpu = (): boolean => globalThis.navigator?.gpu !== undefined;

/** The platform's high-performance adapter; null or undefined where there is none. */
export const preferredAdapter = (): Promise<GPUAdapter | null> | undefined =>
  globalThis.navigator?.gpu?.requestAdapter({ powerPreference: "high-performance" });

/** Whether an adapter is a software one, which runs on the CPU. Browsers name only its architecture. */
export const isSoftware = (info: AdapterInfo): boolean =>
  info.isFallbackAdapter ||
  /llvmpipe|lavapipe|softpipe|swiftshader/i.test(
    `${info.description} ${info.device} ${info.architecture}`,
  );

/**
 * Whether an adapter's compiler takes minutes, and gigabytes, for the long unrolled shaders that Mesa's
 * compiles in a second: that of other software adapters, such as SwiftShader of Chromium.
 */
export const hasSlowCompiler = (info: AdapterInfo): boolean =>
  isSoftware(info) && !/llvmpipe|lavapipe/i.test(`${info.description} ${info.device}`);

/**
 * Whether an adapter is a software one reached through OpenGL; its name is the same through Vulkan. A
 * software adapter has one subgroup size, which Vulkan reports; OpenGL cannot report it, so that the range
 * is the widest that WebGPU allows, 4 to 128.
 */
export const isSoftwareOpenGl = (info: AdapterInfo): boolean =>
  isSoftware(info) && info.subgroupMinSize !== info.subgroupMaxSize;

/**
 * Why the device `webgpu` cannot be opened on an adapter, and what to install; undefined where it can. A
 * software adapter through OpenGL is refused: it compiles for minutes what takes seconds through Vulkan.
 */
export function whyRefused(adapter: { readonly info: AdapterInfo } | null | undefined) {
  if (!adapter) {
    return `webgpu: expected a GPU adapter, found none. ${
      platformName() === BROWSER ? IN_BROWSER : INSTALL
    }`;
  }
  const { info } = adapter;
  if (!isSoftwareOpenGl(info)) return undefined;
  return `webgpu: expected an adapter with a Vulkan driver, found OpenGL in software, ` +
    `"${info.description || info.device}", which takes minutes to compile shaders. ${INSTALL}`;
}

/** Why there is no WebGPU on a platform that never has it; undefined elsewhere. */
function whyNever(): string | undefined {
  const platform = platformName();
  if (hasWebGpu() || (platform !== "Node.js" && platform !== "Bun")) return undefined;
  return `webgpu: expected WebGPU, found ${platform}, which has none; the device "cpu" computes there`;
}

/** The preferred adapter. Throws Error where there is none on which the device can be opened. */
export async function requireAdapter(): Promise<GPUAdapter> {
  const adapter = await preferredAdapter(), refusal = whyNever() ?? whyRefused(adapter);
  if (!adapter || refusal !== undefined) throw new Error(refusal);
  return adapter;
}

/** Why the device `webgpu` cannot be opened here; undefined where it can. */
export const whyNoWebGpu = async (): Promise<string | undefined> =>
  whyNever() ?? whyRefused(await preferredAdapter());
