/**
 * `deno task bench:images`: how many pictures a second are decoded, cropped and resized, beside PyTorch's
 * DataLoader, and in how much memory. See `--help`.
 *
 * @module
 */
import {
  type Command,
  command,
  denoRun,
  NO_LOADER,
  TaskError,
  type Values,
} from "../../tasks/cli/mod.ts";
import { machineHere } from "../machine.ts";
import { newResultPath, writeResult } from "../result_file.ts";
import { runsLine } from "../torch.ts";
import { drawFolder } from "./draw.ts";
import type { LoadRequest, LoadResult } from "./one.ts";

const TABLE = {
  data: {
    kind: "path",
    value: "DIR",
    help: "A folder of JPEGs in class folders.",
    otherwise: "scenes of 500 × 375 pixels that a program draws",
  },
  workers: {
    kind: "integer",
    from: 1,
    to: 16,
    default: 2,
    help: "Threads, and processes of PyTorch.",
  },
  images: { kind: "integer", from: 640, default: 3200, help: "How many images are loaded." },
  repeats: { kind: "integer", from: 1, default: 3, help: "How often, in turn; the median counts." },
  python: {
    kind: "text",
    value: "PROGRAM",
    default: "/usr/bin/python3",
    help: "A Python with PyTorch and Pillow; without these only this project is measured.",
  },
  out: {
    kind: "path",
    value: "FILE",
    help: "The file of the results.",
    otherwise: "a new one in bench/results",
  },
} as const;

const IMAGES: Command<typeof TABLE> = {
  name: "bench:images",
  table: TABLE,
  page: {
    command: "deno task bench:images",
    about: "measure how many pictures a second are loaded, beside PyTorch's DataLoader.",
    examples: [
      ["deno task bench:images", "Drawn scenes:"],
      ["deno task bench:images --data photos --workers 4", "Your own pictures:"],
    ],
    notes: [
      "Each image is decoded, a random part of it resized to 224 × 224 (torchvision's RandomResizedCrop), " +
      "mirrored half of the time, converted to floats and collated in batches of 64; of PyTorch by Pillow in " +
      "worker processes. The clock starts with the fifth batch.",
      "Memory is measured with 1,000 and with 10,000 files.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

const BATCH = 64, CROP = 224;

/** The numbers of files whose memory is measured. */
const COUNTS = [1000, 10_000] as const;

async function runChild<T>([program = "", ...args]: readonly string[]): Promise<T> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env: NO_LOADER })
    .output();
  if (success) return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
  throw new TaskError(
    `${program}: expected a measurement, found ${new TextDecoder().decode(stderr).trim()}`,
  );
}

const loadHere = (request: LoadRequest): Promise<LoadResult> =>
  runChild(
    denoRun("measure", new URL("one.ts", import.meta.url).pathname, JSON.stringify(request)),
  );

type TorchResult = LoadResult & { readonly torch: string; readonly pillow: string };

function loadByTorch(
  python: string,
  { folder, workers, images }: LoadRequest,
): Promise<TorchResult> {
  const options = { workers, images, batch: BATCH, crop: CROP };
  return runChild([
    ...[python, new URL("loader.py", import.meta.url).pathname, folder],
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
  ]);
}

/** The result in the middle of several, by speed. */
const median = <R extends LoadResult>(results: readonly R[]): R =>
  results.toSorted((a, b) => a.imagesPerSecond - b.imagesPerSecond)[results.length >> 1]!;

function show(name: string, results: readonly LoadResult[]): void {
  const { imagesPerSecond, megabytes } = median(results);
  const all = results.map((each) => each.imagesPerSecond).join(", ");
  console.log(`${name}: ${imagesPerSecond} images/s (${all}), ${megabytes} MB`);
}

async function work(values: Values<typeof TABLE>): Promise<void> {
  const { data, workers, images, repeats, python, out } = values;
  const drawn = await Deno.makeTempDir(), torch = await runsLine(python, "import torch, PIL");
  try {
    for (const count of COUNTS) await drawFolder(`${drawn}/${count}`, count);
    const request = {
      folder: data ?? `${drawn}/${COUNTS[0]}`,
      workers,
      batch: BATCH,
      images,
      crop: CROP,
    };
    const here: LoadResult[] = [], there: TorchResult[] = [];
    for (let i = 0; i < repeats; i++) {
      here.push(await loadHere(request));
      if (torch) there.push(await loadByTorch(python, request));
    }
    show("goodinit", here);
    if (torch) show("PyTorch", there);
    const memory: Record<string, number> = {};
    for (const count of COUNTS) {
      const { megabytes } = await loadHere({ ...request, folder: `${drawn}/${count}` });
      console.log(`${count} files: ${megabytes} MB`);
      memory[count] = megabytes;
    }
    const path = out ?? await newResultPath(`${new Date().toISOString().slice(0, 10)}-images`);
    const machine = await machineHere();
    await writeResult(path, {
      ...machine,
      workers,
      batch: BATCH,
      crop: CROP,
      goodinit: here,
      torch: there,
      memory,
    });
    console.log(path);
  } finally {
    await Deno.remove(drawn, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await command(IMAGES, Deno.args, ({ values }) => work(values)));
