/**
 * The option that raises the limit of a picture's pixels.
 *
 * @module
 */
import { grouped } from "../../src/counted.ts";
import { MOST_PIXELS } from "./canvas.ts";

/** The most pixels of a picture. */
export const MAX_PIXELS = {
  kind: "integer",
  from: 1,
  to: 2 ** 32,
  help:
    "The most pixels of a picture that is read: a small file may hold billions of one color, which take " +
    "gigabytes of memory.",
  otherwise: `${grouped(MOST_PIXELS)}, as Pillow`,
} as const;
