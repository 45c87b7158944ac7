import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { renderPage } from "../../../tasks/live/page.ts";
import { answer } from "../../../tasks/live/server.ts";

const page = await renderPage();
const events = () => ReadableStream.from([new TextEncoder().encode("event: view\n\n")]);

function asked(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Response {
  const request = new Request(`http://127.0.0.1:8765${path}`, {
    method,
    headers: { host: "127.0.0.1:8765", ...headers },
  });
  return answer(request, { page, events });
}

Deno.test("the page's policy allows only its script and its own server", async () => {
  const response = asked("/"), text = await response.text();
  assertEquals(response.status, 200);
  const policy = response.headers.get("content-security-policy")!;
  assertMatch(
    policy,
    /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; connect-src 'self'; /,
  );
  assertEquals(policy.includes("unsafe"), false);
  assertEquals([...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, to]) => to), ["data:,"]);
  assertEquals(/ style="/.test(text), false);
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  assertEquals(response.headers.get("cache-control"), "no-store");
});

Deno.test("names of this machine are served, also behind another port", () => {
  for (const host of ["127.0.0.1:8765", "localhost:9000", "localhost", "[::1]:8765"]) {
    assertEquals(asked("/", { host }).status, 200, host);
  }
});

Deno.test("any other host is refused", async () => {
  for (
    const host of [
      "evil.example",
      "evil.example:8765",
      "127.0.0.1.evil.example",
      "localhost.evil.example:8765",
      "192.168.0.1:8765",
      "evil-localhost",
      "evil.localhost:8765",
      "evil-127.0.0.1:8765",
      "evil[::1]",
      "localhost:",
      "localhost:123456",
      "127a0b0c1",
      "",
    ]
  ) {
    for (const path of ["/", "/events", "/else"]) {
      const response = asked(path, { host });
      assertEquals([host, response.status], [host, 403]);
      assertStringIncludes(await response.text(), "expected a host of this machine, found");
    }
  }
});

Deno.test("other methods and paths are refused", async () => {
  for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"]) {
    const response = asked("/", {}, method);
    assertEquals([response.status, response.headers.get("allow")], [405, "GET"]);
  }
  for (const path of ["/index.html", "/favicon.ico", "/events/", "//", "/../deno.json"]) {
    const response = asked(path);
    assertEquals([path, response.status], [path, 404]);
    await response.body?.cancel();
  }
});

Deno.test("events are served to the page itself, not to other sites", async () => {
  for (const site of ["same-origin", "none"]) {
    const response = asked("/events", { "sec-fetch-site": site });
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    assertEquals(await response.text(), "event: view\n\n");
  }
  for (const site of ["cross-site", "same-site"]) {
    assertEquals(asked("/events", { "sec-fetch-site": site }).status, 403);
  }
});
