import { assertEquals, assertStringIncludes } from "@std/assert";
import { tune } from "../../../tasks/training/tune_command.ts";
import { noWebGpu } from "../../devices.ts";
import { captured } from "../captured.ts";

Deno.test("tune() prints help, and ends with 2 on a wrong command line", async () => {
  const help = await captured(() => tune(["--help"]));
  assertEquals([help.code, help.err], [0, ""]);
  assertStringIncludes(help.out, "deno task tune --net fitnet4 --batch 256");
  const wrong = await captured(() => tune(["--batch", "0"]));
  assertEquals([wrong.code, wrong.out], [2, ""]);
  assertEquals(wrong.err, "tune: --batch: expected an integer of at least 1, found 0");
});

const adapter = noWebGpu === undefined ? await navigator.gpu.requestAdapter() : null;

Deno.test({
  name: "tune() names the device and each net, and leaves a software driver as it is",
  ignore: !adapter?.info.isFallbackAdapter && !/llvmpipe/.test(adapter?.info.description ?? ""),
  fn: async () => {
    const before = Deno.env.get("GOODINIT_CACHE"), folder = await Deno.makeTempDir();
    Deno.env.set("GOODINIT_CACHE", folder);
    try {
      const { code, out, err } = await captured(() =>
        tune(["--net", "torchMnist", "--batch", "4"])
      );
      assertEquals([code, err], [0, ""]);
      assertStringIncludes(out, `${adapter!.info.description}, ${adapter!.info.vendor}`);
      assertStringIncludes(out, "torchMnist maxout, batches of 4\nnothing to tune: ");
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    } finally {
      if (before === undefined) Deno.env.delete("GOODINIT_CACHE");
      else Deno.env.set("GOODINIT_CACHE", before);
      await Deno.remove(folder, { recursive: true });
    }
  },
});
