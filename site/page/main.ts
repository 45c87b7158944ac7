/// <reference lib="dom" />
/**
 * The program of the page: what the visitor chooses goes to the picture and to the nets that train.
 *
 * @module
 */
import type { Answer, ImageSource } from "../messages.ts";
import type { Splits } from "../net/images.ts";
import {
  type ActivationName,
  parseSetting,
  type Setting,
  showSetting,
  type StartName,
} from "../net/setting.ts";
import { acceptFiles } from "./drop.ts";
import { byId } from "./elements.ts";
import { startWorker } from "./lane.ts";
import { Picture } from "./picture.ts";
import { drawSamples } from "./samples.ts";
import { Trainer } from "./trainer.ts";

/** Milliseconds without a change after which a slider's value counts. */
const SETTLED = 120;

const fields = {
  activation: byId("activation", HTMLSelectElement),
  start: byId("start", HTMLSelectElement),
  depth: byId("depth", HTMLInputElement),
  width: byId("width", HTMLInputElement),
};
const dataFault = byId("data-fault", HTMLElement), dataName = byId("data-name", HTMLElement);
const shapes = byId("shapes", HTMLButtonElement), samples = byId("samples", HTMLCanvasElement);

let setting = parseSetting(location.hash.slice(1));
let images: Splits | undefined;
let asked = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const picture = new Picture();
const trainer = new Trainer(() => [setting, images]);
const worker = startWorker(take, (message) => picture.fail(message));

function take(answer: Answer): void {
  if (answer.kind === "frame" && answer.id === asked) picture.add(answer.frame);
  else if (answer.kind === "images") showImages(answer.images);
  else if (answer.kind === "failed" && answer.while === "images") sayFault(answer.message);
  else if (answer.kind === "failed") picture.fail(answer.message);
}

/** Asks for the picture of the setting. */
function draw(): void {
  picture.reset(setting);
  worker.send({ kind: "walk", id: ++asked, setting });
}

function showFields(): void {
  for (const [name, field] of Object.entries(fields)) {
    field.value = String(setting[name as keyof typeof fields]);
  }
  for (const name of ["depth", "width"] as const) {
    byId(`${name}-value`, HTMLOutputElement).textContent = fields[name].value;
  }
}

function change(next: Partial<Setting>): void {
  setting = { ...setting, ...next };
  showFields();
  history.replaceState(null, "", `#${showSetting(setting)}`);
  trainer.clear("The net is another now: train it again.");
  clearTimeout(timer);
  timer = setTimeout(draw, SETTLED);
}

/** Whether images are the built-in ones. */
const isDrawn = (name: string): boolean => /shapes/.test(name);

function showImages(loaded: Splits): void {
  const isFirst = images === undefined;
  images = loaded;
  dataFault.hidden = true;
  const { train, test } = loaded;
  const own = isDrawn(train.name) ? "shapes, drawn here" : train.name;
  dataName.textContent = `${own}: ${train.count} to train on, ${test.count} to test on`;
  shapes.hidden = isDrawn(train.name);
  drawSamples(samples, train);
  picture.see(train);
  if (isFirst) return;
  trainer.clear("The images are others now: train again.");
  draw();
}

function sayFault(message: string): void {
  dataFault.textContent = message;
  dataFault.hidden = false;
}

const load = (source: ImageSource): void => worker.send({ kind: "images", source });

fields.activation.addEventListener(
  "change",
  () => change({ activation: fields.activation.value as ActivationName }),
);
fields.start.addEventListener("change", () => change({ start: fields.start.value as StartName }));
for (const name of ["depth", "width"] as const) {
  fields[name].addEventListener("input", () => change({ [name]: fields[name].valueAsNumber }));
}
byId("redraw", HTMLButtonElement).addEventListener(
  "click",
  () => change({ seed: (setting.seed + 1) % 2 ** 31 }),
);
byId("setting", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
shapes.addEventListener("click", () => load("shapes"));
acceptFiles(byId("files", HTMLInputElement), (files) => load(files));
addEventListener("hashchange", () => {
  setting = parseSetting(location.hash.slice(1));
  change({});
});

showFields();
load("shapes");
draw();
