/**
 * An experiment as a job array of a real Slurm, some of whose jobs end before their time.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ended, program } from "../experiments/process.ts";
import { assertSame } from "../experiments/same.ts";
import { Cluster, reason } from "./cluster.ts";

/** Two epochs of each run; all seven with GOODINIT_TESTS=all. */
const EPOCHS = Deno.env.get("GOODINIT_TESTS") === "all" ? [] : ["--epochs", "2"];

const GRID = [
  ...["repro:table3", "--quick", ...EPOCHS],
  ...["--device", "cpu", "--threads", "1", "--checkpoint-every", "0.5"],
];

/** The rows of a printed table, without seconds. */
const tableOf = (out: string): readonly string[] =>
  out.slice(out.indexOf("Table 3:")).split("\n")
    .map((line) => line.trim().split(/ {2,}/).slice(0, 3).join(" | "))
    .filter((row) => /\| (\d+\.\d\d|n\/c)$/.test(row));

/** Whether a run has begun, so that it has something to lose. */
const hasBegun = (run: string) => Deno.stat(`${run}/checkpoints`).then(() => true, () => false);

/** The runs in a folder of results that have begun. */
async function runsIn(out: string): Promise<readonly string[]> {
  const runs: string[] = [];
  for await (const { name } of Deno.readDir(`${out}/runs`)) {
    if (await hasBegun(`${out}/runs/${name}`)) runs.push(name);
  }
  return runs;
}

/** Submits a task; the job's number. */
async function submitted(cluster: Cluster, ...args: readonly string[]): Promise<string> {
  const { out, err } = await cluster.run(
    Deno.execPath(),
    ..."run -P=submit --no-prompt --quiet --no-check tasks/submit.ts --now".split(" "),
    ...args,
  );
  const [, job] = /Submitted batch job (\d+)/.exec(out) ?? [];
  assert(job, err);
  return job;
}

/** Waits until no job is left. */
const allEnded = (cluster: Cluster) =>
  cluster.until("the end of all jobs", async () => {
    const waiting = await cluster.jobs("%i %r %S");
    // Slurm lets what it runs again wait for two minutes. Three seconds are enough: within the second in which
    // a node heard that the job ended it starts no other of the same number, and kills it.
    for (const line of waiting) {
      const [id, why, start] = line.split(" ");
      // Of a job that is about to start the time is N/A.
      const isFarOff = Date.parse(start!) > Date.now() + 5000;
      if (why !== "BeginTime" || !isFarOff) continue;
      await cluster.run("scontrol", "update", `JobId=${id}`, "StartTime=now+3");
    }
    return waiting.length === 0;
  }, 300);

Deno.test({
  name: `Slurm: an array with a cancelled job and a killed node comes to one program's table${
    reason ? `: ${reason}` : ""
  }`,
  ignore: reason !== undefined,
  fn: async () => {
    await using cluster = await Cluster.start();
    const whole = `${cluster.folder}/whole`, shared = `${cluster.folder}/it's shared`;
    const alone = await ended(
      program("tasks/experiment.ts", [...GRID, "--quiet", "--out", whole]),
    );
    assertEquals(alone.code, 0, alone.err);

    const options = ["--array", "4", "--cpus-per-task", "1", "--time", "10"];
    await submitted(cluster, ...options, "--", ...GRID, "--out", shared);

    await cluster.until("four runs that have begun", async () => {
      return await Deno.stat(`${shared}/runs`).then(() => true, () => false) &&
        (await runsIn(shared)).length === 4;
    });
    const nodes = await cluster.jobs("%N %i");
    assertEquals(nodes.map((line) => line.split(" ")[0]).sort(), ["n1", "n1", "n2", "n2"]);
    const first = nodes.find((line) => line.startsWith("n1"))!.split(" ")[1]!;
    await cluster.run("scancel", first);
    await cluster.killNode("n2");

    const script = `${shared}-slurm/job.sh`, index = first.split("_")[1]!;
    const again = await cluster.run("sbatch", `--array=${index}`, script);
    assertMatch(again.out, /Submitted batch job/);
    await cluster.until(
      "a node that is down",
      async () => (await cluster.run("sinfo", "-h", "-n", "n2", "-o", "%t")).out.startsWith("down"),
    );
    cluster.startNode("n2");
    await allEnded(cluster);

    await assertSame(shared, whole);
    const logs: string[] = [];
    for await (const { name } of Deno.readDir(`${shared}-slurm`)) {
      if (name.endsWith(".out")) logs.push(await Deno.readTextFile(`${shared}-slurm/${name}`));
    }
    const tables = logs.filter((log) => log.includes("Table 3:"));
    assert(tables.length >= 1, logs.join("\n"));
    assertEquals(tableOf(tables[0]!), tableOf(alone.out));
    assertEquals(tableOf(alone.out).length, 10);
  },
});

Deno.test({
  name: `Slurm: a training whose time is nearly up is run again, and resumed to the same bits${
    reason ? `: ${reason}` : ""
  }`,
  ignore: reason !== undefined,
  fn: async () => {
    await using cluster = await Cluster.start();
    const whole = `${cluster.folder}/whole`, run = `${cluster.folder}/a "run" of $5`;
    const training = [
      ..."--dataset procedural --net torchMnist --subset 400 --test-subset 50 --batch 8".split(" "),
      ..."--epochs 12 --device cpu --threads 1 --no-figures --checkpoint-every 0.2".split(" "),
    ];
    const alone = await ended(
      program("tasks/train_mnist.ts", [...training, "--preset", "quick", "--out", whole]),
    );
    assertEquals(alone.code, 0, alone.err);
    const options = ["--cpus-per-task", "1", "--time", "10", "--name", "digits"];
    const job = await submitted(cluster, ...options, "train:mnist", ...training, "--out", run);
    await cluster.until("a checkpoint", () => hasBegun(run));
    assertEquals(await cluster.jobs("%j %l"), ["digits 10:00"]);
    // As Slurm does two minutes before the end.
    await cluster.run("scancel", "--signal=USR1", "--batch", job);
    await cluster.until("a job that waits", async () => (await cluster.jobs("%t"))[0] === "PD");
    await allEnded(cluster);
    // The controller forgets a job before its node has written all that it printed.
    const path = `${run}-slurm/${job}.out`;
    const ends = async () => /resumed from step .*next:/s.test(await Deno.readTextFile(path));
    await cluster.until("the end of the log", ends);
    const log = await Deno.readTextFile(path);
    assertStringIncludes(log, "this job is run again, and goes on from its checkpoint");
    assertStringIncludes(log, "resumed from step ");
    const [ours, theirs] = await Promise.all(
      [run, whole].map((path) => Deno.readFile(`${path}/weights.safetensors`)),
    );
    assertEquals(ours!.toHex() === theirs!.toHex(), true);
  },
});
