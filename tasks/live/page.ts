/**
 * The live page as self-contained HTML, and its Content-Security-Policy.
 *
 * @module
 */
import { bundle } from "./bundle.ts";
import { STYLE } from "./style.ts";

/** A page, and its Content-Security-Policy. */
export interface Html {
  readonly text: string;
  readonly policy: string;
}

async function sha256Source(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}

/** Renders the page. Its policy allows only its own script and style, and connections to its own server. */
export async function renderPage(): Promise<Html> {
  const script = await bundle(new URL("./page/main.ts", import.meta.url));
  const policy = [
    "default-src 'none'",
    `script-src ${await sha256Source(script)}`,
    `style-src ${await sha256Source(STYLE)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>goodinit</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main id="page"><p class="lead">Waiting for the training.</p></main>
<noscript>This page needs scripts.</noscript>
<script>${script}</script>
</body>
</html>
`;
  return { text, policy };
}
