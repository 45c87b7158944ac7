/**
 * Text in drawings is text, whatever characters a run's name or a class has.
 */
import { assertEquals } from "@std/assert";
import { escapeXml } from "../../../tasks/plots/svg.ts";

Deno.test("escapeXml() leaves nothing that ends an attribute, opens a tag or names an entity", () => {
  assertEquals(
    escapeXml(`a "b" <c> & d &amp; "e"`),
    "a &quot;b&quot; &lt;c&gt; &amp; d &amp;amp; &quot;e&quot;",
  );
});
