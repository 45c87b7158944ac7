/**
 * Text in reports is text, wherever it stands.
 */
import { assert, assertEquals } from "@std/assert";
import { renderHtml } from "../../../tasks/report/html.ts";

const EVIL = `<img src=x onerror="alert(1)">&'`;

Deno.test("renderHtml() escapes titles, leads, headings, paragraphs, lists, code and tables", () => {
  const html = renderHtml({
    title: EVIL,
    lead: [EVIL],
    blocks: [
      { kind: "heading", level: 2, text: EVIL },
      { kind: "paragraph", text: EVIL },
      { kind: "list", items: [EVIL, "plain"] },
      { kind: "code", text: EVIL },
      {
        kind: "table",
        caption: EVIL,
        head: [EVIL, "b"],
        rows: [[[EVIL, EVIL], [EVIL]]],
      },
    ],
  });
  assert(!html.includes("<img"), html.slice(html.indexOf("<img") - 200, html.indexOf("<img") + 50));
  // The title twice, the lead, four blocks, the caption as label and text, a head and three lines of cells.
  assertEquals(html.split("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;").length - 1, 13);
});
