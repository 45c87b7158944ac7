/**
 * Silences a warning of Mesa's drivers.
 *
 * @module
 */

/** Names a folder that Mesa's Vulkan drivers ask for, and warn about on stderr where it is not named. */
export function quietDriver(): void {
  if (Deno.build.os === "linux" && !Deno.env.get("XDG_RUNTIME_DIR")) {
    Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
  }
}
