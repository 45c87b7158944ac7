/** The highway MLP against PyTorch. */
import { highwayMlp } from "../../../src/models/mod.ts";
import { checkGolden } from "./check_golden.ts";

checkGolden("highway_mlp", {
  create: ({ units = 50 }) => highwayMlp({ layerWidth: Number(units) }),
});
