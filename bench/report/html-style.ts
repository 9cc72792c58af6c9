/**
 * The style of the page: of the family of the conformance report's. Text has a contrast of at least
 * 4.5 to 1 in light and in dark, and so have the colours of the charts, which are Okabe and Ito's,
 * darker or lighter where theirs would not.
 */
const LIGHT = `--ink: #1b1f24; --paper: #fff; --quiet: #57606a; --box: #f3f4f6; --line: #d0d7de;
  --good: #116329; --bad: #b3001b; --warn: #7d4e00;
  --c1: #0067a3; --c2: #a84300; --c3: #00705a; --c4: #97437a; --c5: #735600; --c6: #1f6f94;
  --c7: #5b4bb5; --c8: #4d6600;`;

const DARK = `--ink: #e6e8eb; --paper: #14171a; --quiet: #a3abb4; --box: #1f2428; --line: #3a424a;
  --good: #6fdd8b; --bad: #ff8f8f; --warn: #f0b849;
  --c1: #56b4e9; --c2: #ff9350; --c3: #2fc9a0; --c4: #e09cc4; --c5: #e6c229; --c6: #a5d3ee;
  --c7: #b3a6ff; --c8: #a9cf5f;`;

export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif;
  max-width: 72rem; margin: 1.5rem auto; padding: 0 1rem; }
h1, h2, h3, p, li, figcaption { overflow-wrap: anywhere; }
h1 { line-height: 1.2; font-size: clamp(1.5rem, 5vw, 2rem); }
h2 { margin: 2.5rem 0 0.5rem; border-top: 2px solid var(--line); padding-top: 1rem; }
h3 { margin: 1.5rem 0 0.5rem; } a { color: inherit; }
.verdict { background: var(--box); border-left: 0.4rem solid var(--c1); border-radius: 0.3rem;
  padding: 0.25rem 1rem 0.75rem; }
.verdict p { margin: 0.5rem 0 0; } .verdict p strong { font-size: 1.15rem; } .verdict strong { font-weight: 600; }
.verdict ul { list-style: none; margin: 0; padding: 0; }
.verdict li { display: grid; grid-template-columns: 13rem minmax(0, 3fr) minmax(0, 4fr); gap: 0 1.25rem;
  padding: 0.15rem 0; } .verdict li + li { border-top: 1px solid var(--line); }
.verdict li a { text-decoration: none; } .verdict li a:hover { text-decoration: underline; }
small { font-size: 0.8rem; } small:not(.warn), .facts, .note, .verdict li a { color: var(--quiet); }
@media (max-width: 40rem) { .verdict p small { display: none; }
  .verdict li, .verdict li span { display: block; } .verdict li a { display: block; font-size: 0.85rem; } }
.note { font-size: 0.85rem; margin: 0.25rem 0 0; } .good { color: var(--good); } .bad { color: var(--bad); }
.warn { color: var(--warn); } .quiet { color: var(--quiet); }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21.75rem), 1fr));
  gap: 1.25rem 1rem; align-items: start; }
figure { margin: 0; min-width: 0; break-inside: avoid; } figcaption { font-weight: 600; }
.plot { display: block; max-width: 100%; height: auto; overflow: hidden; }
.plot text { white-space: pre; }
.legend { list-style: none; padding: 0; margin: 0.25rem 0 0; display: flex; flex-wrap: wrap;
  gap: 0 1rem; font-size: 0.85rem; } .legend svg { vertical-align: middle; }
.beside { display: flex; flex-wrap: wrap; gap: 0 3rem; } .beside > * { max-width: 100%; }
details { margin: 1rem 0; } summary { cursor: pointer; color: var(--quiet); }
.scroll { overflow-x: auto; margin: 1rem 0; background-repeat: no-repeat;
  /* A shade where more lies beyond the edge: what covers it moves with the content. */
  background-image: linear-gradient(var(--paper), var(--paper)), linear-gradient(var(--paper), var(--paper)),
    linear-gradient(to right, var(--line), transparent), linear-gradient(to left, var(--line), transparent);
  background-position: left, right, left, right; background-attachment: local, local, scroll, scroll;
  background-size: 1.5rem 100%, 1.5rem 100%, 0.75rem 100%, 0.75rem 100%; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0;
  border-bottom: 1px solid var(--line); } .right { text-align: right; white-space: nowrap; }
tbody th { font-weight: normal; min-width: 5rem; } .prose { min-width: 14rem; overflow-wrap: anywhere; }
pre { background: var(--box); padding: 0.5rem 0.75rem; white-space: pre-wrap; overflow-wrap: anywhere; }
dt { font-weight: 600; } dd { margin: 0 0 0.5rem 1rem; }
@media print { :root { color-scheme: light; font-size: 80%; ${LIGHT} } body { max-width: none; margin: 0; }
  .scroll { overflow: visible; background: none; } table { font-size: 0.8rem; } .right { white-space: normal; }
  th, td { padding-right: 0.4rem; }
  tr, figure, .verdict { break-inside: avoid; } h2, h3, caption { break-after: avoid; } nav, summary { display: none; }
  details::details-content { content-visibility: visible; height: auto; }
  .charts { grid-template-columns: 1fr 1fr; } * { print-color-adjust: exact; } }
`;
