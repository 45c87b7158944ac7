/**
 * What the page and its workers say to each other.
 *
 * @module
 */
import type { DeviceName } from "../mod.ts";
import type { Splits } from "./net/images.ts";
import type { InitName, Setting } from "./net/setting.ts";
import type { TrainingEvent } from "./net/train.ts";
import type { Frame } from "./net/walk.ts";

/** Which images: the built-in shapes, or a visitor's files. */
export type ImageSource = "shapes" | readonly File[];

/** What the page asks of a worker. */
export type Request =
  | { readonly kind: "images"; readonly source: ImageSource }
  | { readonly kind: "walk"; readonly id: number; readonly setting: Setting }
  | {
    readonly kind: "train";
    readonly setting: Setting;
    readonly init: InitName;
    readonly images: Splits;
    readonly device: DeviceName;
    readonly threads: number;
    readonly steps: number;
  };

/** What a worker answers. */
export type Answer =
  | { readonly kind: "images"; readonly images: Splits }
  | { readonly kind: "frame"; readonly id: number; readonly frame: Frame }
  | {
    readonly kind: "device";
    readonly device: string;
    readonly description: string;
    readonly reason: string;
  }
  | { readonly kind: "training"; readonly events: readonly TrainingEvent[] }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly while: Request["kind"]; readonly message: string };
