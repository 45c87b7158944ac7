import { assert, assertEquals, assertThrows } from "@std/assert";
import { givenFields, NET_OPTIONS } from "../../../tasks/models/options.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";

const valuesOf = (...args: string[]) => {
  const parsed = parseOptions(NET_OPTIONS, args);
  assert(parsed !== "help");
  return parsed.values;
};

Deno.test("givenFields() has the given options of the net, and no others", () => {
  assertEquals(givenFields(valuesOf()), {});
  const args = "--net fitnet4 --blocks 5-5-5 --classes 100 --dropout 0 --input 32x32x3".split(" ");
  const expected = {
    net: "fitnet4",
    blocks: "5-5-5",
    dropout: "0",
    classes: "100",
    input: "32x32x3",
  };
  assertEquals(givenFields(valuesOf(...args)), expected);
  const more = { ...valuesOf(...args), dataset: "cifar10", loss: "hinge", subset: 3 };
  assertEquals(givenFields(more), expected);
});

Deno.test("givenFields() rejects invalid sizes", () => {
  for (const input of ["32", "32x32", "32x32x2", "axbxc"]) {
    assertThrows(
      () => givenFields(valuesOf("--input", input)),
      OptionError,
      `--input: expected HEIGHTxWIDTHxCHANNELS with 1 or 3 channels, such as 32x32x3, found ${input}`,
    );
  }
});
