/**
 * The teacher of the FitNets.
 */
import { assertEquals } from "@std/assert";
import { fitnetTeacher, maxoutNet } from "../../src/models/mod.ts";
import { countFor, layerShapes } from "./check_net.ts";

Deno.test("fitnetTeacher() is the maxout network, layer by layer", () => {
  const images = [1, 32, 32, 3];
  assertEquals(layerShapes(fitnetTeacher(), images), layerShapes(maxoutNet(), images));
  const weights = 64 * 3 * 192 + 192 + 64 * 96 * 384 + 384 + 25 * 192 * 384 + 384;
  const byHand = weights + (5 * 5 * 192 + 1) * 2500 + 501 * 10;
  assertEquals([byHand, countFor(fitnetTeacher(), images)], [16_247_830, 16_247_830]);
});
