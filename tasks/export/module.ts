/**
 * A net as a Python module of PyTorch.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { CONTRAST_NORM, MNIST_SCALE } from "../../src/data/preprocess.ts";
import type { ImageSize } from "../../src/train/mod.ts";
import { frameSize, type ModelSpec, modelTitle, showSize } from "../models/model.ts";
import { LOAD_WHITENING, WHITEN } from "./python_whitening.ts";
import { pythonClasses } from "./python_classes.ts";
import { type ExportStep, withInner } from "./step.ts";

const INDENT = "    ";

/** Lines one level deeper. */
const deeper = (lines: readonly string[]): string[] => lines.map((line) => INDENT + line);

/** The last part of a name, by which a module's container knows it. */
const localName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** The expression that makes a step, over several lines where it has parts. */
function expression({ torch, parts }: ExportStep): string[] {
  if (!parts) return [torch];
  const settings = torch.slice(0, -1), comma = settings.endsWith("(") ? "" : ", ";
  return [
    `${settings}${comma}`.trimEnd(),
    ...Object.entries(parts).flatMap(([name, steps]) => deeper(container(steps, `${name}=`))),
    ")",
  ];
}

/** Steps in sequence as an `nn.Sequential`, an argument. */
const container = (steps: readonly ExportStep[], before: string): string[] => [
  `${before}nn.Sequential(OrderedDict([`,
  ...deeper(layerLines(steps)),
  "])),",
];

/** The layers of the net as pairs of a name and a layer; activations share the line of the layer before. */
function layerLines(steps: readonly ExportStep[]): string[] {
  const lines: string[] = [];
  for (const step of steps) {
    const [first, ...others] = expression(step), begin = `("${localName(step.name)}", ${first}`;
    const own = others.length === 0 ? [`${begin}),`] : [begin, ...others];
    if (others.length > 0) own[own.length - 1] += "),";
    if (step.beside && lines.length > 0) lines.push(`${lines.pop()} ${own.shift()}`);
    lines.push(...own);
  }
  return lines;
}

/** The function that reads the weights, and the whitening beside them. */
const loader = (whitened: boolean): string => `

${whitened ? LOAD_WHITENING : ""}def load(path="model.safetensors"):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    raw = {name: bytearray(data[slice(*t["data_offsets"])]) for name, t in header.items()}
    flat = {name: torch.frombuffer(raw[name], dtype=torch.float32) for name in raw}
    net = Net()
    net.load_state_dict({name: x.reshape(header[name]["shape"]) for name, x in flat.items()})
${
  whitened
    ? "    net.whitening = load_whitening(os.path.dirname(path))\n"
    : ""
}    return net.eval()
`;

/** The same without whitening. */
function unwhitenedLines(
  { preprocessing, pixelScale = 1, mean }: ModelSpec,
): readonly string[] | undefined {
  if (preprocessing === "scale") return [`return pixels * ${MNIST_SCALE}`];
  if (preprocessing !== "contrast") {
    const scaled = pixelScale === 1 ? "pixels" : `pixels * ${pixelScale}`;
    return mean && [`return ${scaled} - self.mean`];
  }
  return mean && [
    "x = pixels - pixels.mean((1, 2, 3), keepdim=True)",
    `norm = x.square().sum((1, 2, 3), keepdim=True).sqrt() / ${CONTRAST_NORM}`,
    "return x / torch.where(norm < 1e-8, torch.ones_like(norm), norm) - self.mean",
  ];
}

/** The line that takes the central window of a frame. */
function centralWindow({ height, width }: ModelSpec, frame: ImageSize): readonly string[] {
  const top = Math.floor((frame.height - height) / 2), left = Math.floor((frame.width - width) / 2);
  return [`return x[:, :, ${top}:${top + height}, ${left}:${left + width}]`];
}

/** The preprocessing of pixels from 0 to 255; undefined where the mean image is not known. */
function preprocessLines(model: ModelSpec): readonly string[] | undefined {
  const lines = unwhitenedLines(model), { whitening, frame } = model;
  const steps = [
    ...whitening === undefined ? [] : WHITEN,
    ...frame ? centralWindow(model, frame) : [],
  ];
  if (!lines || steps.length === 0) return lines;
  const assigned = [lines.at(-1)!, ...steps].map((line) => line.replace("return ", "x = "));
  return [...lines.slice(0, -1), ...assigned, "return x"];
}

/** The names of the classes, as an attribute of the class. */
function classNameLines({ classNames }: ModelSpec): string[] {
  if (!classNames) return [];
  const names = classNames.map((name) => `${JSON.stringify(name)},`);
  return ["    class_names = [", ...filled(names).map((line) => `        ${line}`), "    ]", ""];
}

/** The most characters of a line of names. */
const LINE = 80;

/** Words in lines of about equal length. */
const filled = (words: readonly string[]): string[] =>
  words.reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + 1 + word.length <= LINE;
    return fits ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);

/** The source of a Python module with the class `Net`, and `load`, which reads its weights. */
export function pythonModule(model: ModelSpec, steps: readonly ExportStep[]): string {
  const { classes, mean } = model, { height, width, channels } = frameSize(model);
  const pixels = height * width * channels;
  const whitened = model.whitening !== undefined;
  const size = [channels, height, width].join(", "), preprocess = preprocessLines(model);
  const [input, values] = preprocess
    ? ["net.preprocess(pixels)", "pixels 0 to 255"]
    : ["images", "preprocessed"];
  const needed = new Set(steps.flatMap(withInner).flatMap(({ needs }) => needs ?? []));
  const title = `${modelTitle(model)} for ${showSize(model)} images in ${
    counted(classes, "class", "classes")
  }`;
  return [
    `"""${title}, written by goodinit.`,
    "",
    `    net = load(); logits = net(${input})  # ${values}, [batch, ${size}]`,
    '"""',
    "import json",
    ...(whitened ? ["import os"] : []),
    "from collections import OrderedDict",
    "",
    "import torch",
    "from torch import nn",
    "",
    "",
    ...pythonClasses(needed).flatMap((source) => [source, "", ""]),
    "class Net(nn.Sequential):",
    ...classNameLines(model),
    "    def __init__(self):",
    "        super().__init__(OrderedDict([",
    ...layerLines(steps).map((line) => `${INDENT.repeat(3)}${line}`),
    "        ]))",
    ...(mean ? [`        self.register_buffer("mean", torch.zeros(${size}))`] : []),
    ...(whitened
      ? [
        `        self.register_buffer("whitening", torch.zeros(${pixels}, ${pixels}), persistent=False)`,
      ]
      : []),
    ...(preprocess
      ? ["", "    def preprocess(self, pixels):", ...preprocess.map((line) => `        ${line}`)]
      : []),
    loader(whitened),
  ].join("\n");
}
