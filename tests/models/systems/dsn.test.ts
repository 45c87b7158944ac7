/** Deeply supervised nets against PyTorch. */
import { dsn } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

checkGolden("dsn", {
  create: (o) => dsn({ ...shrinkOf(o), companionWeight: Number(o.weight ?? 0.001), dropout: 0 }),
});
