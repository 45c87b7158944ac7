/**
 * The page's HTML: complete before any script runs, with its style sheet and its Content-Security-Policy.
 *
 * @module
 */
import { ACTIVATIONS, DEFAULT, INITS, RANGES, STARTS } from "./net/setting.ts";
import { STYLE } from "./style.ts";

/** Runs where modules may not, and says what is missing. */
const GUARD = `(() => {
const say = (text) => { const at = document.getElementById("missing"); at.textContent = text; at.hidden = false; };
if (location.protocol === "file:") say("Browsers start neither modules nor workers from files. Serve this folder, with: python3 -m http.server");
else if (typeof Worker !== "function" || typeof WebAssembly !== "object" || !("noModule" in HTMLScriptElement.prototype)) say("This page needs a browser with modules, workers and WebAssembly.");
})();`;

async function sha256Source(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}

const options = (names: Readonly<Record<string, string>>, chosen: string): string =>
  Object.entries(names).map(([value, text]) =>
    `<option value="${value}"${value === chosen ? " selected" : ""}>${text}</option>`
  ).join("");

const range = (name: keyof typeof RANGES, text: string): string =>
  `<label class="field" for="${name}"><span>${text} <output id="${name}-value">${
    DEFAULT[name]
  }</output></span>
<input id="${name}" type="range" min="${RANGES[name].from}" max="${RANGES[name].to}" value="${
    DEFAULT[name]
  }"></label>`;

const select = (
  name: "activation" | "start",
  text: string,
  names: Readonly<Record<string, string>>,
) =>
  `<label class="field" for="${name}"><span>${text}</span>
<select id="${name}">${options(names, DEFAULT[name])}</select></label>`;

/** The initializations that are compared at first. */
const COMPARED = ["xavier", "orthonormal", "lsuv"];

const compared = Object.entries(INITS).map(([name, text]) =>
  `<label class="choice c-${name}"><input type="checkbox" name="compared" value="${name}"${
    COMPARED.includes(name) ? " checked" : ""
  }> ${text}</label>`
).join("\n");

const PAPER = "https://arxiv.org/abs/1511.06422";

const BODY = `<main>
<header>
<p class="mark">goodinit</p>
<h1>All you need is a good init</h1>
<p class="lead">A deep net learns only if its signal survives all layers. LSUV goes down the net once, and
scales the weights of each layer so that its output has variance 1. Watch it do so, then train the net.</p>
</header>
<p id="missing" class="fault" role="alert" hidden></p>
<noscript><p class="fault">This page computes everything in your browser, and needs scripts.</p></noscript>

<section aria-labelledby="walk-title">
<h2 id="walk-title" class="unseen">LSUV, layer by layer</h2>
<form id="setting" class="fields">
${select("activation", "Activation", ACTIVATIONS)}
${select("start", "Weights before", STARTS)}
${range("depth", "Layers")}
${range("width", "Channels")}
<button id="redraw" type="button">New weights</button>
</form>
<figure id="picture" aria-labelledby="caption">
<div class="plot"><svg id="variance" role="img" height="300" aria-label="Variance of the output by layer: computing."></svg></div>
<canvas id="maps" role="img" aria-label="Outputs of the layers to one image"></canvas>
<figcaption id="caption"><span id="step">Drawing the first weights …</span></figcaption>
</figure>
<div class="player">
<button id="play" type="button" class="primary" disabled>Run LSUV</button>
<label class="scrub" for="done"><span class="unseen">Layers that LSUV has scaled</span>
<input id="done" type="range" min="0" max="${DEFAULT.depth}" value="0" disabled></label>
<output id="done-value" for="done">0 of ${DEFAULT.depth}</output>
</div>
<p class="key"><span class="spot after"></span>scaled by LSUV <span class="spot before"></span>not yet scaled
<span class="ghost"></span>as drawn</p>
<p class="key">Below each layer: three channels of its output to one image.
<span class="tone low"></span>negative <span class="tone high"></span>positive <span class="tone"></span>zero</p>
<details><summary>The numbers</summary><div class="scroll"><table id="numbers" class="numbers">
<thead><tr><th>layer</th><th>variance before</th><th>after</th></tr></thead><tbody></tbody></table></div></details>
</section>

<section aria-labelledby="train-title">
<h2 id="train-title">Train it</h2>
<p class="lead">The same net, the same images in the same order, SGD with momentum; only the first weights
differ. LSUV starts from those above.</p>
<form id="training">
<fieldset><legend>Compare</legend>
${compared}</fieldset>
<fieldset><legend>Compute on</legend>
<label class="choice"><input type="radio" name="device" value="auto" checked> the best there is</label>
<label class="choice"><input type="radio" name="device" value="webgpu"> GPU</label>
<label class="choice"><input type="radio" name="device" value="cpu"> CPU</label></fieldset>
<fieldset id="data"><legend>Images</legend>
<canvas id="samples" width="256" height="32" role="img" aria-label="Some of the images"></canvas>
<span id="data-name">shapes, drawn here</span>
<label class="file"><input id="files" type="file" multiple> <span>or drop MNIST’s four files anywhere</span></label>
<button id="shapes" type="button" hidden>Back to the shapes</button>
<p id="data-fault" class="fault" role="alert" hidden></p></fieldset>
<label class="field inline" for="steps"><span>Steps</span> <select id="steps"><option>200</option>
<option selected>400</option><option>1000</option></select></label>
<button id="train" type="submit" class="primary">Train</button>
<button id="stop" type="button" disabled>Stop</button>
</form>
<p id="train-state" role="status"></p>
<div id="curves"></div>
<div class="scroll"><table id="results" class="numbers" hidden>
<thead><tr><th>weights</th><th>training loss</th><th>test accuracy</th><th>steps</th><th>a step</th><th>on the</th></tr></thead>
<tbody></tbody></table></div>
<div id="notes" class="key"></div>
</section>

<footer><p>Dmytro Mishkin and Jiří Matas, <a href="${PAPER}">All You Need Is a Good Init</a>, ICLR 2016.
Computed by goodinit in your browser; nothing is sent anywhere.</p></footer>
</main>`;

/** Renders the page, whose program is `script`. Its policy allows nothing from elsewhere. */
export async function renderPage(script: string): Promise<string> {
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${await sha256Source(GUARD)}`,
    "worker-src 'self'",
    `style-src ${await sha256Source(STYLE)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Watch LSUV set every layer of a deep net to unit variance, and train it in your browser.">
<title>All you need is a good init</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
${BODY}
<script>${GUARD}</script>
<script type="module" src="./${script}"></script>
</body>
</html>
`;
}
