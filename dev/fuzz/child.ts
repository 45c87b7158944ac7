/**
 * A process that fuzzes one of all formats.
 *
 * @module
 */
import { FORMATS } from "./formats/mod.ts";
import { serveFuzz } from "./serve.ts";

await serveFuzz(FORMATS);
