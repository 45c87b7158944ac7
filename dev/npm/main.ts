/**
 * `deno task build:npm`: writes the library as a package for Node, Bun and bundlers. See `--help`.
 *
 * @module
 */
import { type Command, command } from "../../tasks/cli/mod.ts";
import { buildPackage } from "./build_package.ts";

const TABLE = {
  out: {
    kind: "path",
    value: "DIR",
    default: "npm",
    help: "The folder of the package; a former one is replaced.",
  },
} as const;

const BUILD: Command<typeof TABLE> = {
  name: "build:npm",
  table: TABLE,
  page: {
    command: "deno task build:npm",
    about: "write the library as an npm package: modules, types, package.json.",
    examples: [
      ["deno task build:npm", "Build it in the folder npm:"],
      [
        "deno task build:npm --out ../my-project/node_modules/@goodinit/goodinit",
        "Use it at once:",
      ],
    ],
    notes: [
      "The package has no dependencies and needs Node 20.16 or later, or Bun; bundlers for the browser " +
      "take it too. docs/node.md says what differs there. npm publish, or npm pack, in the folder does " +
      "the rest.",
      "The compiler is TypeScript's, fetched from npm at its first use.",
      "Exit codes: 0 done, 1 it does not compile, 2 a wrong command line.",
    ],
  },
};

if (import.meta.main) {
  Deno.exit(
    await command(BUILD, Deno.args, async ({ values }) => {
      const { files, bytes } = await buildPackage(values.out);
      console.log(`${values.out}: ${files} files, ${(bytes / 2 ** 20).toFixed(1)} MB`);
    }),
  );
}
