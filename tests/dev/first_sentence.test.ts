import { assertEquals } from "@std/assert";
import { firstSentence } from "../../dev/first_sentence.ts";

Deno.test("firstSentence() ends at the first full stop that ends a sentence", () => {
  assertEquals(firstSentence("One thing.\nAnother."), "One thing.");
  assertEquals(
    firstSentence("He et al. (2015), eq. 10; see\n{@linkcode he}. More."),
    "He et al. (2015), eq. 10; see `he`.",
  );
  assertEquals(firstSentence("Without an end\n\nNext paragraph."), "Without an end");
  assertEquals(firstSentence("Uniform in 0.5…1. More."), "Uniform in 0.5…1.");
});
