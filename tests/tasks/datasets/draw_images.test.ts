import { assertThrows } from "@std/assert";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { drawImages } from "../../../tasks/datasets/draw_images.ts";

Deno.test("drawImages() names the option that sets a wrong size, or a wrong count", () => {
  const counts = { train: 2, test: 2 };
  assertThrows(
    () => drawImages("cifar", counts, { size: 3 }),
    OptionError,
    "--size: procedural: expected size to be an integer from 16 to 4096, found 3",
  );
  assertThrows(() => drawImages("cifar", { ...counts, test: 0 }), OptionError, "--test-subset: ");
});
