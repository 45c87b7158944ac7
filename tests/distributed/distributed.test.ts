import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { distributed } from "../../src/distributed/mod.ts";
import { findLauncher, setDefaults } from "../../src/distributed/launcher.ts";
import { familyOf } from "../../src/distributed/mpi/handles.ts";
import { countMachines, hashName } from "../../src/distributed/mpi/machines.ts";
import { findLibrary } from "../../src/distributed/mpi/library.ts";
import { forEachMpi, launch } from "./mpirun.ts";

const PROGRAM = new URL("collectives.ts", import.meta.url).pathname;

for (const processes of [1, 2, 3]) {
  forEachMpi(`collectives of ${processes} processes`, async (mpi) => {
    const { code, stdout, stderr } = await launch(mpi, processes, [PROGRAM]);
    assertEquals(code, 0, stderr);
    const found = stdout.trim().split("\n").map((line) => JSON.parse(line))
      .sort((a, b) => a.rank - b.rank);
    const ranks = Array.from({ length: processes }, (_, rank) => rank);
    assertEquals(found.map(({ rank }) => rank), ranks);
    const each = [0, 1, 2, 3, 4], last = processes - 1, pairs = processes * last / 2;
    const expected = [
      each.map((i) => 10 * pairs + i * processes),
      each.map((i) => 10 * last + i),
      each,
    ];
    for (const job of found) {
      assertEquals(job.reduced, { f32: expected, f64: expected, i32: expected });
      assertEquals([job.size, job.localRank, job.localSize], [processes, job.rank, processes]);
      assertEquals(job.machines, 1);
      assertEquals(job.started, expected);
      assertEquals([job.text, job.same], ["the last", true]);
      assertMatch(
        job.description,
        mpi === "openmpi" ? /^Open MPI v[\d.]+, / : /^MPICH Version: [\d.]+, /,
      );
      assertEquals(job.kinds, [
        "allReduce: expected a Float32Array, Float64Array or Int32Array, found Uint8Array",
        "allReduce: expected a Float32Array, Float64Array or Int32Array, found Array",
      ]);
      assertEquals(job.wrong, `broadcast: expected a rank from 0 to ${last}, found ${processes}`);
    }
  });
}

Deno.test("without a launcher this process is alone, and mpi says what is missing", async () => {
  using job = await distributed();
  assertEquals([job.rank, job.size, job.localRank, job.localSize], [0, 1, 0, 1]);
  assertEquals(job.machines, 1);
  const data = Float32Array.of(1, 2);
  job.allReduce(data);
  const started = job.startAllReduce(data);
  started.wait();
  assertEquals(started.test(), true);
  job.broadcast(data);
  job.barrier();
  assertEquals([...data], [1, 2]);
  await assertRejects(() => distributed({ by: "mpi" }), Error, "expected a process that mpirun");
  await assertRejects(
    () => distributed({ by: "tcp" as "mpi" }),
    RangeError,
    "expected by to be mpi or none, found tcp",
  );
});

Deno.test("launchers are found by their variables", () => {
  const found = (variables: Record<string, string>) => findLauncher((name) => variables[name]);
  assertEquals(found({}), undefined);
  assertEquals(found({ OMPI_COMM_WORLD_RANK: "x" }), undefined);
  assertEquals(
    found({ OMPI_COMM_WORLD_RANK: "3", OMPI_COMM_WORLD_SIZE: "4", PMIX_RANK: "3" }),
    { name: "mpirun of Open MPI", family: "openmpi", rank: 3, size: 4 },
  );
  assertEquals(found({ PMI_RANK: "0", PMI_SIZE: "x" }), {
    name: "mpirun of MPICH",
    family: "mpich",
    rank: 0,
    size: undefined,
  });
  assertEquals(found({ PMIX_RANK: "5", SLURM_STEP_NUM_TASKS: "6" }), {
    name: "srun",
    family: undefined,
    rank: 5,
    size: 6,
  });
});

Deno.test("machines are counted by their names", () => {
  const names = ["node7", "node8", "node7", "node9", "node7"].map((name) =>
    hashName(new TextEncoder().encode(name))
  );
  assertEquals(countMachines(names, 0), { localRank: 0, localSize: 3, machines: 3 });
  assertEquals(countMachines(names, 1), { localRank: 0, localSize: 1, machines: 3 });
  assertEquals(countMachines(names, 4), { localRank: 2, localSize: 3, machines: 3 });
});

Deno.test("libraries are told apart by what they call themselves", () => {
  assertEquals(familyOf("Open MPI v5.0.3", false), "openmpi");
  for (
    const name of ["MPICH Version: 4.2", "Intel(R) MPI Library 2021.11", "MVAPICH2 Version: 2.3"]
  ) {
    assertEquals(familyOf(name, false), "mpich");
  }
  assertEquals(familyOf("MPICH Version: 5.0", true), "standard");
  assertEquals(familyOf("HomeMade MPI 1", false), undefined);
});

Deno.test("a library that is not there: how to install one", () => {
  assertThrows(
    () => findLibrary("/nowhere/libmpi.so"),
    Error,
    "expected an MPI library, found none of /nowhere/libmpi.so; install Open MPI or MPICH",
  );
});

Deno.test("a library's settings are set unless the environment has them", () => {
  const names = { GOODINIT_TEST_SET: "mine", GOODINIT_TEST_UNSET: "default" };
  Deno.env.set("GOODINIT_TEST_SET", "theirs");
  try {
    setDefaults(names);
    assertEquals(Deno.env.get("GOODINIT_TEST_SET"), "theirs");
    assertEquals(Deno.env.get("GOODINIT_TEST_UNSET"), "default");
  } finally {
    for (const name of Object.keys(names)) Deno.env.delete(name);
  }
});
