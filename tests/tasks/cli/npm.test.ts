import { assertEquals } from "@std/assert";
import { whyNoPackage } from "../../../tasks/cli/npm.ts";

const LOADING = 'Failed loading https://registry.npmjs.org/vega for package "vega"';

Deno.test("whyNoPackage() says in one line why packages are not there", () => {
  const why = (...lines: string[]) => whyNoPackage(new Error(lines.join("\n")));
  assertEquals(why(LOADING, "    0: dns error"), "no network to download them from npm");
  assertEquals(
    why(LOADING, "    0: client error (Connect): invalid peer certificate: UnknownIssuer"),
    "a certificate of npm's registry that Deno does not trust; DENO_TLS_CA_STORE=system takes the " +
      "system's",
  );
  assertEquals(why("expected a function, found none", "more"), "expected a function, found none");
});
