import { assertEquals } from "@std/assert";
import { classNames } from "../../../tasks/datasets/class_names.ts";

Deno.test("classNames() has a name per class for every data set, and numbers for others", () => {
  for (const [dataset, classes] of [["mnist", 10], ["cifar10", 10], ["cifar100", 100]] as const) {
    const names = classNames(dataset, classes);
    assertEquals([names.length, new Set(names).size], [classes, classes]);
    assertEquals(names.some((name) => name.startsWith("class")), false, dataset);
  }
  assertEquals(classNames("cifar10", 10)[9], "truck");
  assertEquals([...classNames("cifar100", 100)].sort(), classNames("cifar100", 100));
  assertEquals(classNames("procedural", 10)[0]!.startsWith("class"), false);
  assertEquals(classNames("cifar100", 2), ["class 0", "class 1"]);
});
