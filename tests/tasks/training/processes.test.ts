/**
 * What each of several processes of a training task decides from its place among them.
 */
import { assertEquals, assertThrows } from "@std/assert";
import type { Distributed } from "../../../src/distributed/mod.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import type { Settings } from "../../../tasks/run/settings.ts";
import { checkShared } from "../../../tasks/training/processes/check_settings.ts";
import { equalGpus, gpuVariables } from "../../../tasks/training/processes/gpu.ts";
import { groupOf } from "../../../tasks/training/processes/group.ts";
import { folderOf } from "../../data/fixtures.ts";

/** Files of a PCI device, as Linux lists them. */
const pci = (address: string, vendor: string, device: string, kind = "0x030200") => ({
  [`${address}/vendor`]: new TextEncoder().encode(`${vendor}\n`),
  [`${address}/device`]: new TextEncoder().encode(`${device}\n`),
  [`${address}/class`]: new TextEncoder().encode(`${kind}\n`),
});

Deno.test("processes of a machine take its equal GPUs in turn, not its console's", async () => {
  await using at = await folderOf({
    ...pci("0000:65:00.0", "0x10de", "0x2330"),
    ...pci("0000:17:00.0", "0x10de", "0x2330"),
    ...pci("0000:00:02.0", "0x8086", "0x4680", "0x030000"),
    ...pci("0000:03:00.0", "0x1a03", "0x2000", "0x030000"),
    ...pci("0000:04:00.0", "0x10de", "0x22a3", "0x068000"),
  });
  const gpus = equalGpus(at.path);
  assertEquals(gpus, ["0000:17:00.0", "0000:65:00.0"]);
  const chosen = [0, 1, 2].map((rank) => gpuVariables(rank, gpus, () => undefined).DRI_PRIME);
  assertEquals(chosen, ["pci-0000_17_00_0", "pci-0000_65_00_0", "pci-0000_17_00_0"]);
  assertEquals(gpuVariables(1, gpus, (name) => name === "DRI_PRIME" ? "0" : undefined), {});
  assertEquals(gpuVariables(1, gpus.slice(1), () => undefined), {});
  assertEquals(equalGpus(`${at.path}/nowhere`), []);
});

/** A job of one process, whose messages come back to it. */
const alone = { rank: 0, size: 1, localRank: 0, broadcast() {} } as unknown as Distributed;

Deno.test("threads are a machine's processors over the processes that may use the same", () => {
  const { leads, hosts, threads } = groupOf(alone, { host: "node7", processors: "0-5" }, 6);
  assertEquals({ leads, hosts, threads }, { leads: true, hosts: ["node7"], threads: 6 });
});

Deno.test("settings that processes cannot share are refused with what to do", () => {
  const settings = { batch: 8, init: "he" } as Settings;
  checkShared(settings, 8);
  const refused = [
    [{ batch: 7 }, "--batch: expected at least 8, an image for each, with 8 processes, found 7"],
    [{ init: "lsuv", lsuvBatch: 4 }, "--lsuv-batch: expected at least 8"],
    [{ accumulate: 2 }, "--accumulate: expected 1 with 8 processes, found 2; each has its share"],
    [{ mixup: 0.2 }, "--mixup: expected none with 8 processes, found 0.2; --distributed none"],
    [{ cutmix: 1 }, "--cutmix: expected none with 8 processes, found 1"],
  ] as const;
  for (const [other, message] of refused) {
    assertThrows(() => checkShared({ ...settings, ...other }, 8), OptionError, message);
  }
});
