/**
 * `deno task build:site`: writes the page that shows LSUV as static files. See `--help`.
 *
 * @module
 */
import { type Command, command } from "../tasks/cli/mod.ts";
import { writeSite } from "./build.ts";

const TABLE = {
  out: {
    kind: "path",
    value: "DIR",
    default: "site/dist",
    help: "The folder of the page; a former one is replaced.",
  },
} as const;

const BUILD: Command<typeof TABLE> = {
  name: "build:site",
  table: TABLE,
  page: {
    command: "deno task build:site",
    about: "write the page that shows LSUV, and trains nets in the browser, as static files.",
    examples: [
      ["deno task build:site", "Build it in the folder site/dist:"],
      ["deno task build:site --out ../pages/lsuv", "Build it in a folder of a web server:"],
    ],
    notes: [
      "Any web server serves the folder, under any path. Nothing is loaded from elsewhere.",
      "The bundler is esbuild, fetched from npm at its first use.",
      "Exit codes: 0 done, 1 it cannot be bundled, 2 a wrong command line.",
    ],
  },
};

if (import.meta.main) {
  Deno.exit(
    await command(BUILD, Deno.args, async ({ values }) => {
      const { files, bytes, packed } = await writeSite(values.out);
      const kilobytes = (n: number) => `${Math.round(n / 1000)} kB`;
      console.log(
        `${values.out}: ${files} files, ${kilobytes(bytes)}, ${kilobytes(packed)} gzipped`,
      );
    }),
  );
}
