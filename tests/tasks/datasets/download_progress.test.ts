import { assertEquals } from "@std/assert";
import { megabytes, reportDownloads } from "../../../tasks/datasets/download_progress.ts";

Deno.test("megabytes() keeps one digit", () => {
  assertEquals([4542, 170_052_171].map(megabytes), ["4.5 kB", "170.1 MB"]);
});

Deno.test("reportDownloads() prints few lines where there is no terminal, and nothing when quiet", async () => {
  for (const [quiet, expected] of [[false, ["begun"]], [true, []]] as const) {
    const lines: string[] = [];
    const reporter = reportDownloads({ quiet, terminal: false, print: (line) => lines.push(line) });
    reporter.say("begun");
    const shown = reporter.show("file", 10);
    shown.at(5);
    await shown.stop();
    assertEquals(lines, [...expected]);
  }
});
