import { serveFuzz } from "../../../dev/fuzz/serve.ts";
import { PLANTED } from "./planted_formats.ts";

await serveFuzz(PLANTED);
