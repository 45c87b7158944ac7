import { assertEquals } from "@std/assert";
import { describeStep, number } from "../../site/page/words.ts";

Deno.test("number() writes any number in few digits", () => {
  const words = [0, 0.0123456, 1234.5, 99999, 1.8e-5, 3e7, -2e-9, Infinity, NaN].map(number);
  assertEquals(words, [
    ..."0,0.0123,1230,100000,1.8 × 10⁻⁵,3.0 × 10⁷,-2.0 × 10⁻⁹".split(","),
    "infinity",
    "no number",
  ]);
});

Deno.test("describeStep() says what LSUV did", () => {
  const drawn = [0.5, 0.01, 0.001];
  assertEquals(
    describeStep(drawn, undefined, drawn, 0),
    "As drawn, layer 1 has variance 0.5 and layer 3 0.001: the signal vanishes on its way.",
  );
  assertEquals(
    describeStep([1, 1e3], undefined, [1, 1e3], 0),
    "As drawn, layer 1 has variance 1 and layer 2 1000: the signal explodes on its way.",
  );
  assertEquals(
    describeStep(drawn, drawn, [1, 0.02, 0.002], 1),
    "Layer 1 of 3 had variance 0.5. Its weights are multiplied by 1.41, and it has 1.00; all layers " +
      "behind it rise or fall too.",
  );
  assertEquals(
    describeStep(drawn, [1, 0, 0], [1, 0, 0], 2),
    "Layer 2 of 3 had variance 0: no factor brings it to 1.",
  );
  assertEquals(
    describeStep(drawn, [1, 1, 0.1], [1, 1, 0.996], 3),
    "Done: every layer has variance 1.00. As drawn, layer 3 had 0.001.",
  );
});
