/**
 * What the conversion of the lab's report to text did to its scripts, undone place by place.
 *
 * Nothing else is changed: a script with a fault of its own keeps it.
 */

/** The scripts of the report, each under the heading of its appendix, in so many pieces. */
export const SCRIPTS = [
  { name: "proxy.py", heading: "Appendix-3: proxy.py", pieces: 2 },
  { name: "load_balancer.sh", heading: "Appendix-4: load_balancer.sh", pieces: 1 },
  { name: "ai_load_balancer.py", heading: "Appendix-5: ai_load_balancer.py", pieces: 1 },
] as const;

export type ScriptName = (typeof SCRIPTS)[number]["name"];

export interface Repair {
  readonly script: ScriptName;
  readonly reason: string;
  /** Global and multi-line. */
  readonly find: RegExp;
  readonly put: string;
  /** In how many places it must be found: in one, or in one at least. */
  readonly places: "one" | "some";
}

export const REPAIRS: readonly Repair[] = [
  {
    script: "proxy.py",
    reason: "the brace that ends request_count is lost",
    find: /^( +"172\.28\.1\.12": 0\n)(?=class )/gm,
    put: "$1}\n",
    places: "one",
  },
  {
    script: "proxy.py",
    reason: "the code block breaks off before a pass, which lost its indentation",
    find: /^( +)(except BrokenPipeError:\n)pass$/gm,
    put: "$1$2$1    pass",
    places: "one",
  },
  {
    script: "proxy.py",
    reason: "send_response lost its underscore",
    find: /\bself\.send response\(/g,
    put: "self.send_response(",
    places: "one",
  },
  {
    script: "proxy.py",
    reason: "lines after the break lost one space of their indentation",
    find: /^((?: {4})*) {3}(?=\S)/gm,
    put: "$1    ",
    places: "some",
  },
  {
    script: "ai_load_balancer.py",
    reason: "the brace that ends request_history is lost",
    find: /^( +SERVER2: 0\n)(?=def )/gm,
    put: "$1}\n",
    places: "one",
  },
  {
    script: "ai_load_balancer.py",
    reason: "a </pre> of the page that it was converted from stands behind an if",
    find: /:<\/pre>$/gm,
    put: ":",
    places: "one",
  },
];
