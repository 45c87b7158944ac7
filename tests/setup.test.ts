/**
 * setup.sh on machines that have little: it runs where only some programs exist, with stand-ins for those
 * that reach the network.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const SCRIPT = new URL("../setup.sh", import.meta.url).pathname;

/** The programs that every system has. */
const BASIC =
  "sh bash dash cat chmod cp cut dirname grep gzip head id mkdir mktemp mv rm sed sha1sum tail tar uname"
    .split(" ");

const REGISTRY = "https://registry.npmjs.org/@deno/linux-x64-glibc";

/** A stand-in for Deno. */
const DENO = `#!/bin/sh\necho "deno 9.9.9 (stand-in)"\n`;

/** A machine's folders, and what its programs answer. */
interface Machine extends AsyncDisposable {
  readonly home: string;
  readonly programs: string;
  /** Adds a program, a script for `sh`. */
  add(name: string, script: string): Promise<void>;
  /** Runs setup.sh; `path` are further folders of programs. */
  run(options?: { readonly shell?: string; readonly path?: readonly string[] }): Promise<{
    readonly code: number;
    readonly out: string;
    readonly err: string;
  }>;
}

async function machine(): Promise<Machine> {
  const folder = await Deno.makeTempDir(), programs = `${folder}/bin`, home = `${folder}/home`;
  await Deno.mkdir(programs);
  await Deno.mkdir(home);
  const places = Deno.env.get("PATH")!.split(":");
  for (const name of BASIC) {
    const place = places.map((each) => `${each}/${name}`).find((path) => isFile(path));
    if (place) await Deno.symlink(place, `${programs}/${name}`);
  }
  return {
    home,
    programs,
    add: async (name, script) => {
      await Deno.remove(`${programs}/${name}`).catch(() => {});
      await Deno.writeTextFile(`${programs}/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
    run: async ({ shell = "sh", path = [] } = {}) => {
      const { code, stdout, stderr } = await new Deno.Command(`${programs}/${shell}`, {
        args: [SCRIPT],
        clearEnv: true,
        env: { HOME: home, PATH: [programs, ...path].join(":") },
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      return { code, out: out!, err: err! };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Puts a package of the stand-in where a machine's `curl` or `wget` finds it; `sum` replaces its checksum. */
async function serve({ home, add }: Machine, program: "curl" | "wget", sum?: string) {
  const files = `${home}/registry`;
  await Deno.mkdir(`${files}/package`, { recursive: true });
  await Deno.writeTextFile(`${files}/package/deno`, DENO, { mode: 0o755 });
  await new Deno.Command("tar", { args: ["-czf", "package.tgz", "package"], cwd: files }).output();
  const bytes = await Deno.readFile(`${files}/package.tgz`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)).toHex();
  const about = { version: "9.9.9", dist: { shasum: sum ?? hash, tarball: `${REGISTRY}/9.tgz` } };
  await Deno.writeTextFile(`${files}/about`, JSON.stringify(about));
  const option = program === "curl" ? "-o" : "-O";
  await add(
    program,
    `while [ $# -gt 0 ]; do case "$1" in ${option}) out=$2; shift ;; http*) url=$1 ;; esac; shift; done
    echo "noise of ${program}"
    case $url in */latest) cp ${files}/about $out ;; */9.tgz) cp ${files}/package.tgz $out ;; *) exit 22 ;; esac`,
  );
}

const ignore = Deno.build.os !== "linux" || Deno.build.arch !== "x86_64";

const onMachine = (name: string, test: (machine: Machine) => Promise<void>): void =>
  Deno.test({
    name: ignore ? `${name}: left out but on Linux for x86-64` : name,
    ignore,
    fn: async () => {
      await using bare = await machine();
      await test(bare);
    },
  });

for (const [program, shell] of [["curl", "dash"], ["wget", "bash"]] as const) {
  onMachine(`setup.sh installs Deno by ${program}, run by ${shell}`, async (machine) => {
    await serve(machine, program);
    const { code, out, err } = await machine.run({ shell });
    const folder = `${machine.home}/.local/bin`;
    assertEquals([code, err], [0, ""]);
    assertEquals(await Deno.readTextFile(`${folder}/deno`), DENO);
    assertStringIncludes(out, `setup: installed deno 9.9.9 (stand-in) at ${folder}/deno\n`);
    assert(!out.includes("noise"), out);
    assertStringIncludes(
      out,
      `setup: done\nsetup: Your shell does not look for programs in ${folder}. ` +
        `Before deno task, type:\n  export PATH="${folder}:$PATH"\n`,
    );
    const again = await machine.run({ path: [folder] });
    assertStringIncludes(again.out, "setup: Deno is there: deno 9.9.9");
    assert(again.out.endsWith("setup: done\n"), again.out);
  });
}

onMachine("setup.sh installs where the shell looks, if it may", async (machine) => {
  await serve(machine, "curl");
  await Deno.mkdir(`${machine.home}/bin`);
  const { code, out } = await machine.run({ path: [`${machine.home}/bin`] });
  assertEquals(code, 0);
  assert(isFile(`${machine.home}/bin/deno`) && out.endsWith("setup: done\n"), out);
});

onMachine("setup.sh installs nothing of another checksum", async (machine) => {
  await serve(machine, "curl", "0123456789");
  const { code, err } = await machine.run();
  assertEquals(code, 1);
  assertStringIncludes(
    err,
    "could not install Deno: the package of Deno has another checksum than the registry says\n",
  );
  assert(!isFile(`${machine.home}/.local/bin/deno`));
});

onMachine("setup.sh installs Deno by npm, whose output it keeps to itself", async (machine) => {
  const { home, programs } = machine;
  await machine.add(
    "npm",
    `case "$1" in
      prefix) echo ${home}/global ;;
      *) echo "npm warn noise"; mkdir -p ${home}/global/bin; cp ${programs}/stand-in ${home}/global/bin/deno ;;
    esac`,
  );
  await machine.add("stand-in", `echo "deno 9.9.9"`);
  const { code, out, err } = await machine.run();
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, `setup: installed deno 9.9.9 at ${home}/global/bin/deno\n`);
  assert(!out.includes("noise"), out);
});

onMachine("setup.sh says in a line what hinders it", async (machine) => {
  const nothing = await machine.run();
  assertEquals(nothing.code, 1);
  assertStringIncludes(nothing.err, "expected curl, wget or npm to fetch Deno with, found none");
  const answers = [
    [
      "curl: (6) Could not resolve host: registry.npmjs.org",
      "setup: no network: registry.npmjs.org",
    ],
    ["curl: (60) SSL certificate problem: no issuer", "apt-get install ca-certificates"],
    [
      "curl: (23) Failure writing output",
      "could not install Deno: curl: (23) Failure writing output",
    ],
  ] as const;
  for (const [says, expected] of answers) {
    await machine.add("curl", `echo "${says}" >&2; exit 1`);
    const { code, err } = await machine.run();
    assertEquals(code, 1);
    assertStringIncludes(err, expected);
    assertEquals(err.split("\n").filter((line) => line && !line.startsWith("setup: ")), []);
  }
});
