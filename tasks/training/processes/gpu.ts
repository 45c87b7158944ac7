/**
 * One GPU for each process of a machine. Deno's WebGPU gives one adapter and lists none, so the choice is made
 * below it: Mesa's layer of Vulkan (`VK_LAYER_MESA_device_select`), which stands before drivers of all makers,
 * puts the GPU first whose PCI address `DRI_PRIME` names. It is read once Vulkan is first asked for adapters.
 *
 * @module
 */

/** The identity of a PCI device: `vendor:device`, and its class. */
interface PciDevice {
  readonly address: string;
  readonly model: string;
}

/** Makers of GPUs that compute; servers have other display controllers, for their consoles. */
const MAKERS: ReadonlySet<string> = new Set(["0x10de", "0x1002", "0x8086"]);

/** The GPUs of this machine; none where the system does not list them. */
function listGpus(folder: string): readonly PciDevice[] {
  const read = (address: string, name: string) =>
    Deno.readTextFileSync(`${folder}/${address}/${name}`).trim();
  try {
    return [...Deno.readDirSync(folder)].flatMap(({ name: address }) => {
      const vendor = read(address, "vendor"), isDisplay = read(address, "class").startsWith("0x03");
      if (!isDisplay || !MAKERS.has(vendor)) return [];
      return [{ address, model: `${vendor}:${read(address, "device")}` }];
    });
  } catch {
    return [];
  }
}

/** The addresses of the GPUs of which this machine has most of the same model, in their order. */
export function equalGpus(folder = "/sys/bus/pci/devices"): readonly string[] {
  const byModel = Map.groupBy(listGpus(folder), ({ model }) => model);
  const [most = []] = [...byModel.values()].sort((a, b) => b.length - a.length);
  return most.map(({ address }) => address).sort();
}

/** What chooses a GPU already. */
const CHOSEN = ["DRI_PRIME", "MESA_VK_DEVICE_SELECT"] as const;

/**
 * The variables by which a process gets a GPU of its own; none where there are no several of the same model,
 * or something else has chosen. More processes than GPUs take turns.
 */
export function gpuVariables(
  localRank: number,
  gpus: readonly string[] = equalGpus(),
  read: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Readonly<Record<string, string>> {
  if (gpus.length < 2 || CHOSEN.some((name) => read(name) !== undefined)) return {};
  const address = gpus[localRank % gpus.length]!;
  return { DRI_PRIME: `pci-${address.replace(/[:.]/g, "_")}` };
}
