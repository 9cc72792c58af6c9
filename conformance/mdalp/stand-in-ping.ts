/**
 * A `ping` for the submission to find on its PATH: it tells the latencies that the case has scripted,
 * in the words of iputils, at once, and notes whom it was asked about.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface StandInPing {
  /** To be put first on the submission's PATH. */
  readonly folder: string;
  /** The addresses that were pinged, in order. */
  asked(): string[];
}

/** Options of iputils' ping as getopts takes them; a colon follows those that have a value. */
const OPTIONS = "46aAbBc:CdDe:fF:hHi:I:l:Lm:M:nNOp:PqQ:rRs:S:t:T:UvVw:W:";

/** Without a count ping goes on; nobody waits for so many. */
const MOST_ECHOES = 100;

/** Writes the program into a folder of the case; latencies in milliseconds by address. */
export function writeStandInPing(
  folder: string,
  latenciesMs: ReadonlyMap<string, number>,
): StandInPing {
  const bin = join(folder, "bin");
  const log = join(folder, "pinged.txt");
  mkdirSync(bin, { recursive: true });
  const rows = [...latenciesMs].map(([address, ms]) =>
    `  ${address}) time=${ms.toFixed(3)}; least=${Math.max(0, ms - 0.2).toFixed(3)}; most=${
      (ms + 0.2).toFixed(3)
    } ;;`
  );
  writeFileSync(
    join(bin, "ping"),
    `#!/bin/sh
count= host= quiet= deadline= stop=
# Options may stand behind the host too.
while [ $# -gt 0 ]; do
  OPTIND=1
  while getopts "${OPTIONS}" option; do
    case "$option" in
    c) count=$OPTARG ;;
    q) quiet=yes ;;
    w) deadline=\${OPTARG%.*} ;;
    \\?) exit 2 ;;
    esac
  done
  shift $((OPTIND - 1))
  [ $# -gt 0 ] || break
  host=$1
  shift
done
: "\${count:=$deadline}"
# An interrupt asks for the statistics, as in the real one.
trap 'stop=yes' INT
echo "$host" >> '${log}'
case "$host" in
${rows.join("\n")}
  *) echo "ping: $host: Name or service not known" >&2; exit 2 ;;
esac
echo "PING $host ($host) 56(84) bytes of data."
i=1
while [ -z "$stop" ] && [ $i -le "\${count:-${MOST_ECHOES}}" ]; do
  [ -n "$quiet" ] || echo "64 bytes from $host: icmp_seq=$i ttl=64 time=$time ms"
  [ -n "$count" ] || sleep 1
  i=$((i + 1))
done
n=$((i - 1))
printf '\\n--- %s ping statistics ---\\n' "$host"
echo "$n packets transmitted, $n received, 0% packet loss, time $((n * 1001 - 1001))ms"
echo "rtt min/avg/max/mdev = $least/$time/$most/0.140 ms"
`,
  );
  chmodSync(join(bin, "ping"), 0o755);
  return {
    folder: bin,
    asked: () =>
      existsSync(log) ? readFileSync(log, "utf8").split("\n").filter((line) => line !== "") : [],
  };
}
