/** The style of the HTML page; colours keep a contrast of at least 4.5 to 1 in light and in dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --quiet: #57606a; --box: #f3f4f6;
  --good: #116329; --bad: #b3001b; --warn: #7d4e00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --paper: #14171a; --quiet: #a3abb4;
  --box: #1f2428; --good: #6fdd8b; --bad: #ff8f8f; --warn: #f0b849; } }
body { color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif;
  max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { overflow-wrap: anywhere; } h3 { font-size: 0.9rem; margin: 0.75rem 0 0.25rem; }
.sentence { font-weight: bold; overflow-wrap: anywhere; } .facts, small { color: var(--quiet); }
.verdict { font-weight: bold; color: var(--quiet); } .pass { color: var(--good); }
.fail, .error { color: var(--bad); } .optional-fail, .open { color: var(--warn); }
details { border: 1px solid var(--quiet); border-radius: 0.4rem; padding: 0.5rem 1rem; margin: 0.75rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
pre { background: var(--box); padding: 0.5rem 0.75rem; overflow-x: auto; max-height: 40rem; margin: 0; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top;
  padding: 0.25rem 0.5rem; border-bottom: 1px solid var(--box); overflow-wrap: anywhere; }
`;
