/**
 * LSUV on nets of every kind: what is reported is what the returned parameters do.
 */
import { assert, assertEquals } from "@std/assert";
import { compare, distance } from "../../bench/lsuv/compare.ts";
import { nets, WEIGHTS } from "../../bench/lsuv/nets.ts";
import { lsuvFromBatches, lsuvWithReport, reportRows } from "../../src/init/mod.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { measured } from "./nets.ts";

/** Enough for rounding to matter; the table of docs/lsuv.md has 300. */
const DEPTH = 40;

for (const at of nets(DEPTH)) {
  forEachDevice(`lsuv() reports what it did: ${at.name}`, async (run) => {
    const rows = await compare(run, at), names = [...new Set(rows.map(({ name }) => name))];
    const units = rows.filter(({ uncovered }) => !uncovered);
    if (at.names) assertEquals(names.slice(0, at.names.length), at.names);
    assertEquals(
      rows.filter(({ uncovered }) => uncovered).map(({ name }) => name),
      [...at.uncovered ?? []],
    );
    for (const row of units) {
      const near = Math.abs(row.after - row.measured) <= 1e-4 * row.measured + 1e-9;
      assert(near, `${row.name}: reported ${row.after}, measured ${row.measured}`);
      assertEquals(row.converged, Math.abs(row.after - 1) < 0.1, row.name);
      if (at.others?.includes(row.name)) assertEquals(row.trials, 0, row.name);
      else assert(row.converged, `${row.name}: ${row.after}`);
    }
  });

  forEachDevice(`lsuvFromBatches() reports what it did: ${at.name}`, async (run) => {
    const rows = await compare(run, at, "batches");
    assert(distance(rows) < 1e-4, `${distance(rows)} apart`);
    for (const { name, converged, uncovered } of rows) {
      assert(uncovered || converged || at.others?.includes(name), name);
    }
  }, { devices: ["reference", "cpu"] });

  forEachDevice(`lsuv() to normalize inputs reports what it did: ${at.name}`, async (run) => {
    const { net, params = (made) => made } = at;
    const options = { ...at.options, normalize: "input" } as const;
    const start = params(net.init(WEIGHTS, at.x));
    // Not under jit, whose arguments are each a tensor of its own.
    const [scaled, report] = lsuvWithReport(net, start, at.x, options);
    const rows = reportRows(await run.read(report));
    const units = rows.filter(({ uncovered }) => !uncovered);
    const found = await measured(run, net, scaled, at.x, options);
    assertClose(units.map(({ after }) => after), found, { relative: 1e-4 });
    const [drawn, rows2] = await lsuvFromBatches(run, net, start, () => at.x, {
      ...options,
      fresh: false,
      maxTrials: 3,
    });
    assertEquals(rows2.map(({ name }) => name), rows.map(({ name }) => name));
    const left = await measured(run, net, drawn, at.x, options);
    const units2 = rows2.filter(({ uncovered }) => !uncovered);
    assertClose(units2.map(({ after }) => after), left, { relative: 1e-4 });
  }, { devices: ["reference", "cpu"] });
}
