import { assert, assertEquals, assertMatch } from "@std/assert";
import { folderOf } from "../../data/fixtures.ts";
import { QUICK, startTask } from "../runs.ts";
import { drawingTest } from "./drawing.ts";

async function trained(out: string, env: Record<string, string>) {
  const args = QUICK.filter((arg) => arg !== "--no-figures");
  const { code, stderr } = await startTask(
    [...args, "--epochs", "1", "--quiet", "--out", out],
    env,
  ).output();
  const names = [...Deno.readDirSync(out)].map(({ name }) => name);
  return { code, err: new TextDecoder().decode(stderr), names };
}

drawingTest("a training run leaves its figures", async () => {
  await using folder = await folderOf({});
  const { code, names } = await trained(`${folder.path}/run`, {});
  assertEquals(code, 0);
  assert(names.includes("curve.svg") && names.includes("variance.svg"), names.join());
});

Deno.test("without a network and a cache, training succeeds and says in a line why there are no figures", async () => {
  await using folder = await folderOf({});
  const { code, err, names } = await trained(`${folder.path}/run`, {
    DENO_DIR: `${folder.path}/cache`,
    NPM_CONFIG_REGISTRY: "http://127.0.0.1:9",
  });
  assertEquals(code, 0);
  assertMatch(
    err,
    /^no figures: expected the packages vega and vega-lite, found no network to download them from npm$/m,
  );
  assertEquals(names.filter((name) => name.endsWith(".svg")), []);
  assert(names.includes("weights.safetensors"));
});
