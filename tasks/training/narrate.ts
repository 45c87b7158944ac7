/**
 * The lines that a training task prints about its run: its settings, its start, its results.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { formatReport } from "../../src/init/mod.ts";
import { type Reporter, speed } from "../cli/progress.ts";
import type { Notice } from "../datasets/notice.ts";
import { showKept } from "../../src/train/diverged_error.ts";
import { RUN_FILES } from "../run/files.ts";
import { quoted } from "../cli/quoted.ts";
import { datasetFacts, isDrawn } from "../datasets/registry.ts";
import type { EndEvent, Observer, StartEvent } from "../run/events.ts";
import { resumedLine, resumeWarnings } from "../run/resume.ts";
import { memoryLine, memoryWarning } from "./memory.ts";
import { describeSettings } from "./describe.ts";
import { measureText } from "./show_progress.ts";

/** What the lines need beside the run's events. */
export interface Narration {
  readonly reporter: Reporter;
  /** The notice about the data. */
  readonly notice: Notice | undefined;
  /** The line that announces how long it will take. */
  readonly announce: (start: StartEvent, seconds: number) => string;
}

async function sayStart({ reporter, notice }: Narration, event: StartEvent): Promise<void> {
  const { settings, manifest, resumed } = event, { device } = manifest.resumed?.at(-1) ?? manifest;
  await reporter.say(`${describeSettings(settings)} | ${device.name}: ${device.description}`);
  if (notice && !notice.warning) await reporter.say(notice.start);
  if (!resumed) return;
  for (const warning of resumeWarnings(resumed, manifest)) console.error(warning);
  await reporter.say(resumedLine(resumed));
}

/** The test accuracy of the saved weights, and their epoch where it is not simply the last. */
function accuracyText({ lastEpoch, bestEpoch }: EndEvent["results"]): string {
  if (!lastEpoch) return "no whole epoch";
  if (!bestEpoch) return `test ${measureText(lastEpoch)}`;
  return `test ${
    measureText(bestEpoch)
  } of epoch ${bestEpoch.epoch}, the best of ${lastEpoch.epoch}`;
}

function summary({ status, results }: EndEvent, start: StartEvent): string {
  const { settings: { dataset }, folder } = start, { seconds, lastEpoch } = results;
  return [
    ...(isDrawn(dataset) ? [datasetFacts(dataset).title] : []),
    ...(status === "finished" ? [] : [status]),
    accuracyText(results),
    `${seconds.toFixed(1)} s`,
    ...(lastEpoch ? [speed(lastEpoch.imagesPerSecond)] : []),
    folder,
  ].join(" | ");
}

/** Why a run diverged, which weights are kept, and what may help. */
function divergedText(
  { folder }: StartEvent,
  { fault, keptStep = 0, bestEpoch }: EndEvent["results"],
): string {
  const kept = bestEpoch
    ? `the weights of epoch ${bestEpoch.epoch}, the best,`
    : showKept(keptStep);
  return `${fault}. ${kept.replace(/^t/, "T")} are kept in ${folder}/${RUN_FILES.weights}; ` +
    "a smaller --rate, --clip or --on-nonfinite lower-rate may help";
}

/** The commands that use the run's weights, on the data that it was trained on. */
function nextCommands({ folder, manifest }: StartEvent, { status, results }: EndEvent): string {
  const run = quoted(folder), task = manifest.command.split(" ")[2];
  const isUntrained = status === "stopped" && results.steps === 0;
  const commands = isUntrained ? [`${task} --resume ${run}`] : [
    ...(status === "stopped" ? [`${task} --resume ${run}`] : []),
    ...(status.startsWith("diverged") ? [`${task} --resume ${run} --rate RATE`] : []),
    `evaluate ${run}`,
    `predict ${run} test:0`,
    `report ${run}`,
  ];
  return ["next:", ...commands.map((line) => `  deno task ${line}`)].join("\n");
}

async function sayEnd(
  { reporter }: Narration,
  event: EndEvent,
  start: StartEvent,
): Promise<void> {
  const { results, status } = event;
  if (results.fault) console.error(`${status}: ${divergedText(start, results)}`);
  console.log(summary(event, start));
  await reporter.say(nextCommands(start, event));
}

/** Prints what a run is and how it proceeds. */
export function narrate(narration: Narration): Observer {
  const { reporter } = narration;
  let start: StartEvent;
  return async (event) => {
    switch (event.kind) {
      case "start":
        start = event;
        return await sayStart(narration, event);
      case "initialization":
        if (event.report) await reporter.say(formatReport(event.report));
        return await reporter.say(counted(event.parameters, "parameter"));
      case "memory": {
        const warning = memoryWarning(event.memory);
        if (warning) console.error(warning);
        return await reporter.say(memoryLine(event.memory));
      }
      case "forecast":
        return await reporter.say(narration.announce(start, event.seconds));
      case "profile":
        return await reporter.say(event.text);
      case "end":
        return await sayEnd(narration, event, start);
    }
  };
}
