/**
 * Faults of the live page, of plots and of reports.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const SERVER = "tests/tasks/live/server.test.ts", STORE = "tests/tasks/live/store.test.ts";
const AXES = "tests/tasks/plots/axes.test.ts", CLIP = "tests/tasks/plots/clip.test.ts";
const SVG = "tests/tasks/plots/svg.test.ts", REPORT = "tests/tasks/report/html.test.ts";
const MEANS = "tests/tasks/live/run_store.test.ts";
const NUMBERS = "tests/tasks/plots/statistics.test.ts";

/** Faults of `tasks/live`, `tasks/plots` and `tasks/report`. */
export const PAGES: readonly Fault[] = [
  ...faultsIn("tasks/live/server.ts", [SERVER], [
    ["/^(127\\.0\\.0\\.1|", "/(127\\.0\\.0\\.1|", "the host pattern has no start"],
    ["(:\\d{1,5})?$/", "(:\\d{1,5})?/", "the host pattern has no end"],
    ["/^(127\\.0\\.0\\.1|", "/^(127.0.0.1|", "dots of the host pattern are any letters"],
    [
      'site !== "same-origin" && site !== "none"',
      'site === "cross-site"',
      "pages of the same site may read events",
    ],
    [
      'if (request.method !== "GET")',
      'if (request.method === "POST")',
      "other methods are answered",
    ],
    ['"x-content-type-options": "nosniff",', "", "a browser may guess the kind of content"],
    [
      'const policy = { "content-security-policy": page.policy };',
      "const policy = {};",
      "the page has no policy",
    ],
  ]),
  ...faultsIn("tasks/live/downsampled.ts", ["tests/tasks/live/downsampled.test.ts"], [
    ["this.#each *= 2;", "this.#each += 2;", "points stand for unequal numbers of samples"],
    ["this.#merge(points[i]!, points[i + 1]!)", "points[i]!", "half of the samples are dropped"],
  ]),
  ...faultsIn("tasks/live/step_means.ts", [STORE], [
    [
      "(sums.loss - before.loss) / steps",
      "sums.loss / steps",
      "a point's loss is that of the epoch so far",
    ],
    [
      "(Math.ceil(step / stepsPerEpoch) - 1) * stepsPerEpoch",
      "Math.floor(step / stepsPerEpoch) * stepsPerEpoch",
      "an epoch's last step counts as the next one's first",
    ],
  ]),
  ...faultsIn("tasks/live/run_store.ts", [MEANS], [
    [
      "(a[steps] * a[field] + b[steps] * b[field]) / sum",
      "(a[field] + b[field]) / 2",
      "merged points are not weighted by their steps",
    ],
    [
      "Number.isFinite(secondsLeft) ? secondsLeft : null",
      "secondsLeft ?? null",
      "an unknown time left is sent as it is",
      {
        equivalent: "JSON writes numbers that are not finite as null",
      },
    ],
  ]),
  ...faultsIn("tasks/live/streams.ts", ["tests/tasks/live/streams.test.ts"], [
    ["if (this.count === MOST)", "if (this.count > MOST)", "more pages than allowed stay open"],
    [
      "if (controller.desiredSize! >= bytes.length) controller.enqueue(bytes);",
      "if (true as boolean) controller.enqueue(bytes);",
      "a page that does not read fills the memory",
    ],
  ]),
  ...faultsIn("tasks/plots/svg.ts", [SVG, "tests/tasks/plots/draw.test.ts"], [
    ['.replaceAll(\'"\', "&quot;")', "", "quotes are not escaped in SVG"],
    ['.replaceAll("<", "&lt;")', "", "tags are not escaped in SVG"],
    [
      'text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")',
      'text.replaceAll("<", "&lt;").replaceAll("&", "&amp;")',
      "escapes are escaped",
    ],
  ]),
  ...faultsIn("tasks/plots/ticks.ts", [AXES, NUMBERS], [
    [
      "lead > 7.5 ? 10 : lead > 3.5 ? 5 : lead > 1.5 ? 2 : 1",
      "lead > 7.5 ? 10 : lead > 3.5 ? 4 : lead > 1.5 ? 2 : 1",
      "ticks are multiples of four",
    ],
    [
      "tick <= high * (1 + 1e-9)",
      "tick < high",
      "the highest tick of a logarithmic axis is left out",
    ],
    ['(power < 0 ? "⁻" : "") +', "", "negative powers of ten lose their sign"],
  ]),
  ...faultsIn("tasks/plots/clip.ts", [CLIP], [
    [
      "const scale = log ? Math.log : (v: number) => v;",
      "const scale = (v: number) => v;",
      "lines of a logarithmic axis leave it at the wrong place",
    ],
    [
      "inside ? crossing(y, point, next) : crossing(y, next, point)",
      "crossing(y, point, next)",
      "lines that come back cross at the wrong place",
    ],
  ]),
  ...faultsIn("tasks/plots/statistics.ts", [NUMBERS], [
    [
      "Math.sqrt(squares / (count - 1))",
      "Math.sqrt(squares / count)",
      "deviations of few runs are too small",
    ],
    ["value > 0 && value < Infinity", "value < Infinity", "a geometric mean of 0 is 0"],
  ]),
  ...faultsIn("tasks/plots/axis.ts", [AXES, NUMBERS], [
    ["values.filter(Number.isFinite)", "values", "an infinite value makes an endless axis"],
    ["Math.max(low - room, bounds[0])", "low - room", "an axis of accuracies begins below 0"],
  ]),
  ...faultsIn("tasks/plots/spread.ts", [AXES], [
    [
      "Math.max(places[i]!, places[i - 1]! + gap)",
      "Math.max(places[i]!, places[i - 1]!)",
      "labels overlap",
    ],
    [
      "order.forEach((i, at) => back[i] = places[at]!);",
      "order.forEach((i, at) => back[at] = places[i]!);",
      "labels stand beside other lines",
    ],
  ]),
  ...faultsIn("tasks/report/html.ts", [REPORT], [
    ["`<li>${escapeXml(item)}</li>`", "`<li>${item}</li>`", "lists are not escaped"],
    [
      'const [first = "", ...rest] = lines.map(escapeXml);',
      'const [first = "", ...rest] = lines;',
      "cells are not escaped",
    ],
    ["<title>${escapeXml(title)}</title>", "<title>${title}</title>", "titles are not escaped"],
  ]),
];
