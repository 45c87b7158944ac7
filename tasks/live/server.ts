/**
 * The live page's server: read-only, for this machine only.
 *
 * @module
 */
import type { Html } from "./page.ts";

/** The only address that the server listens on. */
export const HOSTNAME = "127.0.0.1";

/** Names of this machine; any other host is rejected as DNS rebinding. */
const OWN = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/** The content that is served. */
export interface Served {
  readonly page: Html;
  /** A stream of events for one page. */
  readonly events: () => ReadableStream<Uint8Array>;
}

const COMMON = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

const refusal = (status: number, text: string, headers: Record<string, string> = {}) =>
  new Response(`${text}\n`, {
    status,
    headers: { ...COMMON, ...headers, "content-type": "text/plain; charset=utf-8" },
  });

/** Whether the request comes from a page of another site, according to the browser. */
const isForeign = (site: string | null): boolean =>
  site !== null && site !== "same-origin" && site !== "none";

/** Answers a request. */
export function answer(request: Request, { page, events }: Served): Response {
  const host = request.headers.get("host") ?? "";
  if (!OWN.test(host)) return refusal(403, `expected a host of this machine, found ${host}`);
  const { pathname } = new URL(request.url);
  if (request.method !== "GET") {
    return refusal(405, `expected GET, found ${request.method}`, { allow: "GET" });
  }
  if (pathname === "/") {
    const policy = { "content-security-policy": page.policy };
    return new Response(page.text, {
      headers: { ...COMMON, ...policy, "content-type": "text/html; charset=utf-8" },
    });
  }
  if (pathname !== "/events") return refusal(404, `expected / or /events, found ${pathname}`);
  if (isForeign(request.headers.get("sec-fetch-site"))) {
    return refusal(403, "expected a request of the live page, found one of another site");
  }
  return new Response(events(), { headers: { ...COMMON, "content-type": "text/event-stream" } });
}
