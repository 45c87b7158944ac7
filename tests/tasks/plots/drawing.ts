/**
 * Tests that draw, which need Vega-Lite.
 *
 * @module
 */
import { loadVega } from "../../../tasks/plots/vega.ts";

/** Whether the packages that draw are cached or can be fetched. */
export const canDraw: boolean = await loadVega().then(() => true, () => false);

/** A test that is left out where nothing can be drawn. */
export const drawingTest = (name: string, fn: () => Promise<void>): void =>
  Deno.test({
    name: name + (canDraw ? "" : ": Vega-Lite cannot be had from npm"),
    ignore: !canDraw,
    fn,
  });
