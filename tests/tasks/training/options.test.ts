/**
 * The options that models and optimizers have for themselves stand in their records alone.
 */
import { assertEquals } from "@std/assert";
import { OWN_OPTIONS } from "../../../src/models/registry.ts";
import { ownedOptions } from "../../../src/optim/optimizers.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";

const TASKS = new URL("../../../tasks/", import.meta.url);

/** Comments and imports, in which any word may stand. */
const PROSE = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^import [\s\S]*?;$/gm;

/** The code of rooms that are written without any model or optimizer in mind. */
function* sources(): Generator<readonly [path: string, text: string]> {
  for (const room of ["cli", "run", "training", "models", "export"]) {
    const under = [new URL(`${room}/`, TASKS)];
    for (const folder of under) {
      for (const { name, isDirectory } of Deno.readDirSync(folder)) {
        if (isDirectory) under.push(new URL(`${name}/`, folder));
        else {
          const text = Deno.readTextFileSync(new URL(name, folder));
          yield [`${folder.pathname}${name}`, text.replace(PROSE, "")];
        }
      }
    }
  }
}

/** What may name them: the authors' solvers, and the step that is tuned. */
const RECIPES = /\/training\/(recipes\/\w+|tune_command)\.ts$/;

/** What exports layers, whose parts and options have some of the same names. */
const LAYERS = /\/export\/(\w+_)?steps\.ts$/;

/** The files that name an option without being free to. */
const naming = (used: RegExp): readonly string[] =>
  [...sources()].flatMap(([path, text]) =>
    RECIPES.test(path) || LAYERS.test(path) || !used.test(text) ? [] : [path]
  );

Deno.test("no task names an option that only one model has, except the recipes", () => {
  for (const { name } of OWN_OPTIONS) {
    // A property, a field or a word in quotes; words of sentences may be the same.
    assertEquals(naming(new RegExp(`(?<=["'.]|--)${name}\\b|\\b${name}\\??:`)), []);
  }
});

Deno.test("no task names an option that only one optimizer has, except the recipes", () => {
  for (const { name } of ownedOptions()) {
    assertEquals(naming(new RegExp(`(?<![-\\w])${name}(?![-\\w ])`)), []);
  }
});

Deno.test("trainTable() has the options of every model and optimizer", () => {
  for (const task of ["cifar", "mnist"] as const) {
    const names = Object.keys(trainTable(task));
    for (
      const name of [
        ...OWN_OPTIONS.map((o) => o.name),
        ...ownedOptions().map((o) => o.name),
      ]
    ) {
      assertEquals(names.includes(name), true, `${task} ${name}`);
    }
  }
});
