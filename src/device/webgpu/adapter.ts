/**
 * The adapter that the platform offers, what kind it is, and whether it serves.
 *
 * @module
 */

const INSTALL = "On Linux install a Vulkan driver: the GPU's own, or the software one (Debian, " +
  "Ubuntu: apt-get install mesa-vulkan-drivers; Fedora: dnf install mesa-vulkan-drivers; Arch: " +
  "pacman -S vulkan-swrast). `sh setup.sh --webgpu` does this where it can.";

/** What an adapter says of itself, as far as its kind goes. */
export type AdapterInfo = Pick<
  GPUAdapterInfo,
  "description" | "device" | "isFallbackAdapter" | "subgroupMinSize" | "subgroupMaxSize"
>;

/** The adapter that the platform prefers for speed; null or undefined where there is none. */
export const preferredAdapter = (): Promise<GPUAdapter | null> | undefined =>
  navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });

/** Whether an adapter is a CPU in disguise. */
export const isSoftware = (info: AdapterInfo): boolean =>
  info.isFallbackAdapter ||
  /llvmpipe|lavapipe|softpipe|swiftshader/i.test(`${info.description} ${info.device}`);

/**
 * Whether an adapter is software behind OpenGL, whose name is the same as behind Vulkan. Software has
 * vectors of one width, and Vulkan reports it; OpenGL has no word for it, so that the widest range that
 * WebGPU allows, 4 to 128, stands there instead.
 */
export const isSoftwareOpenGl = (info: AdapterInfo): boolean =>
  isSoftware(info) && info.subgroupMinSize !== info.subgroupMaxSize;

/**
 * Why the device `webgpu` cannot be opened on an adapter, and what to install; undefined where it can.
 * Software behind OpenGL is refused: its compiler takes minutes over shaders that take seconds behind
 * Vulkan.
 */
export function whyRefused(adapter: { readonly info: AdapterInfo } | null | undefined) {
  if (!adapter) return `webgpu: expected a GPU adapter, found none. ${INSTALL}`;
  const { info } = adapter;
  if (!isSoftwareOpenGl(info)) return undefined;
  return `webgpu: expected an adapter with a Vulkan driver, found OpenGL in software, ` +
    `"${info.description || info.device}", which takes minutes to compile shaders. ${INSTALL}`;
}

/** The preferred adapter. Throws Error where there is none on which the device can be opened. */
export async function requireAdapter(): Promise<GPUAdapter> {
  const adapter = await preferredAdapter(), refusal = whyRefused(adapter);
  if (!adapter || refusal !== undefined) throw new Error(refusal);
  return adapter;
}

/** Why the device `webgpu` cannot be opened here; undefined where it can. */
export const whyNoWebGpu = async (): Promise<string | undefined> =>
  whyRefused(await preferredAdapter());

/** Whether there is a GPU that is not a CPU in disguise. */
export async function hasHardwareGpu(): Promise<boolean> {
  const adapter = await preferredAdapter();
  return adapter ? !isSoftware(adapter.info) : false;
}
