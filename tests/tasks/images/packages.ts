/**
 * Tests that need packages from npm.
 *
 * @module
 */
import { packageOf, type Packages } from "../../../tasks/images/packages.ts";

/** Registers a test that is shown as ignored where a package cannot be had. */
export async function withPackage(
  name: keyof Packages,
  title: string,
  test: () => void | Promise<void>,
): Promise<void> {
  const ignore = !await packageOf(name).then(() => true, () => false);
  Deno.test({ name: title + (ignore ? `: ${name} cannot be had from npm` : ""), ignore, fn: test });
}
