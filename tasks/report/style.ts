/**
 * The style sheet of a report's page.
 *
 * @module
 */
import { darkDrawings, FONT, PAGE } from "../plots/palette.ts";

const variables = (side: "light" | "dark"): string =>
  Object.entries(PAGE).map(([name, shade]) => `--${name}:${shade[side]}`).join(";");

/** The style rules of the page, light and dark, for screen and print. */
export const STYLE = `
:root{${variables("light")}}
@media screen and (prefers-color-scheme:dark){:root{${variables("dark")}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.5 Charter,"Bitstream Charter","Iowan Old Style",Georgia,"Liberation Serif",serif}
main{max-width:64rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.2;font-weight:600;margin:0 0 .75rem}
h2{font-size:1.2rem;font-weight:600;margin:2.75rem 0 .75rem}
h1,h2,p,li,figcaption,caption{overflow-wrap:anywhere}
p,ul{max-width:45rem;margin:.5rem 0}
.lead{font-size:1.05rem}
.scroll{overflow-x:auto;margin:1rem 0 1.5rem}
table{border-collapse:collapse;font:.8125rem/1.4 ${FONT};font-variant-numeric:tabular-nums lining-nums;
border-top:1.5px solid var(--ink);border-bottom:1.5px solid var(--ink)}
caption{caption-side:top;text-align:left;color:var(--muted);padding:0 0 .5rem;
font:.9rem/1.4 Charter,"Bitstream Charter",Georgia,"Liberation Serif",serif}
caption span{display:block;position:sticky;left:0;width:min(45rem,calc(100vw - 2.5rem))}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;font-weight:400;min-width:3.5rem}
thead th{border-bottom:1px solid var(--ink);font-weight:600}
thead td{border-bottom:1px solid var(--ink)}
tbody tr+tr>*{border-top:1px solid var(--rule)}
td{overflow-wrap:break-word;max-width:32rem}
th.number,td.number{text-align:right;white-space:nowrap;padding:.35rem 0 .35rem 1.25rem}
small{display:block;color:var(--muted);font-size:.75rem}
figure{margin:1.25rem 0 2rem}
.panels{display:flex;flex-wrap:wrap;gap:1rem;max-width:45rem}
.panels svg{max-width:100%;height:auto;flex:0 1 auto}
figcaption{max-width:45rem;color:var(--muted);font-size:.9rem;line-height:1.45;margin-top:.5rem}
figcaption b{color:var(--ink);font-weight:600}
pre{overflow-x:auto;background:var(--shade);padding:.75rem 1rem;font:.78rem/1.5 ui-monospace,Menlo,Consolas,monospace}
:focus-visible{outline:2px solid var(--muted);outline-offset:2px}
@media print{body{font-size:10pt}main{max-width:none;padding:0}h2{break-after:avoid}
figure,tr{break-inside:avoid}.scroll,pre{overflow:visible}pre{white-space:pre-wrap}
th,td{overflow-wrap:anywhere}}
${darkDrawings()}
`;
