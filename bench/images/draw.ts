/**
 * JPEGs of 500 × 375 pixels, as photographs of ImageNet have them: smooth colors, edges and grain.
 *
 * @module
 */
import { NPM } from "../../tasks/cli/mod.ts";
import { bitsAt, keyData } from "../../src/threefry.ts";

const WIDTH = 500, HEIGHT = 375;

/** The encoder of `sharp`. */
type Encode = (pixels: Uint8Array, options: unknown) => {
  jpeg(options: { readonly quality: number }): { toBuffer(): Promise<Uint8Array> };
};

/** The pixels of a scene. */
function drawScene(index: number): Uint8Array {
  const key = keyData(index), pixels = new Uint8Array(WIDTH * HEIGHT * 3);
  const draw = (at: number) => bitsAt(key, at) / 2 ** 32;
  const waves = Array.from({ length: 9 }, (_, i) => 0.005 + 0.06 * draw(i) ** 2);
  let grain = 1 + bitsAt(key, 20) % 1_000_000;
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const edge = Math.sin(x * waves[6]! + y * waves[7]!) > 0.3 ? 50 : 0;
      grain = (grain * 1_103_515_245 + 12_345) % 2 ** 31;
      for (let c = 0; c < 3; c++) {
        const smooth = 60 * Math.sin(x * waves[c]! + 3 * c) * Math.cos(y * waves[c + 3]!);
        pixels[at++] = Math.max(0, Math.min(255, 110 + smooth + edge + (grain >> 16 & 15)));
      }
    }
  }
  return pixels;
}

/**
 * Writes so many scenes into a folder, half of them of each of two classes; from the hundredth on they are the
 * first ones again, under other names.
 */
export async function drawFolder(folder: string, count: number): Promise<void> {
  const name: string = NPM.sharp, encode: Encode = (await import(name)).default;
  const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }, drawn: Uint8Array[] = [];
  for (const label of ["a", "b"]) await Deno.mkdir(`${folder}/${label}`, { recursive: true });
  for (let i = 0; i < count; i++) {
    drawn[i % 100] ??= await encode(drawScene(i), raw).jpeg({ quality: 90 }).toBuffer();
    await Deno.writeFile(`${folder}/${i % 2 ? "b" : "a"}/${i}.jpg`, drawn[i % 100]!);
  }
}
