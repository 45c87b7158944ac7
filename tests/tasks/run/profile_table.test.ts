import { assert, assertEquals } from "@std/assert";
import { profileRows, profileTable } from "../../../tasks/run/profile_table.ts";

const most = { gflops: 100, gbps: 20 };

/** A kernel of so many ms in 10 calls, at 25 GFLOP/s and 5 GB/s. */
const kernel = (name: string, ms: number, shape = "2×3") => ({
  kernel: name,
  shape,
  calls: 10,
  passes: 20,
  ms,
  flops: 25e6 * ms,
  bytes: 5e6 * ms,
  gflops: 25,
  gbps: 5,
});

const profile = {
  kernels: [
    kernel("[maximum slice add] conv2d", 120, "8×4×4×3, 3×3×3×16 → 8×4×4×16"),
    { ...kernel("copy", 30), flops: 0, gflops: 0, gbps: 0.125 },
    { ...kernel("add pad where lessEqual slice add broadcastTo slice pad", 6), gflops: 1234 },
    kernel("exp", 0.5),
    kernel("log", 0.3),
  ],
  ms: 200,
  outside: 0.216,
};

Deno.test("profileTable() is aligned, shortens long names, and ends with the remainder", () => {
  assertEquals(
    profileTable(profile, most),
    [
      "200.0 ms; measured peak: 100 GFLOP/s in multiply-adds and 20.0 GB/s in copying",
      "kernel                                        shape                         calls  " +
      "ms/call    time  GFLOP/s  of peak   GB/s  of copy",
      "[maximum …] conv2d                            8×4×4×3, 3×3×3×16 → 8×4×4×16     10  " +
      " 12.000  60.0 %     25.0     25 %   5.00     25 %",
      "copy                                          2×3                              10  " +
      "  3.000  15.0 %                    0.125      1 %",
      "add pad where lessEqual slice add broadcast…  2×3                              10  " +
      "  0.600   3.0 %     1234   1234 %   5.00     25 %",
      "2 more, each under 0.5 %                                                       20  " +
      "  0.040   0.4 %",
      "outside kernels: 21.6 %",
    ].join("\n"),
  );
});

Deno.test("profileRows() has the shares of every kernel, and of the remainder", () => {
  const rows = profileRows(profile, most);
  assertEquals(rows.length, 6);
  assertEquals(rows[0], {
    ...profile.kernels[0]!,
    share: 0.6,
    ofPeak: 0.25,
    ofBandwidth: 0.25,
  });
  assertEquals(rows[5], { kernel: "outside kernels", ms: 43.2, share: 0.216 });
  assert(Math.abs(rows.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12);
});

Deno.test("profileRows() uses the kernels' total time where it exceeds that of the calls", () => {
  const rows = profileRows({ kernels: [kernel("a", 3), kernel("b", 1)], ms: 2, outside: 0 }, most);
  assertEquals(rows.map(({ share }) => share), [0.75, 0.25, 0]);
});

Deno.test("profileTable() without kernels is its head and its last line", () => {
  const lines = profileTable({ kernels: [], ms: 0, outside: 0 }, most).split("\n");
  assertEquals([lines.length, lines[2]], [3, "outside kernels: 0.0 %"]);
});
