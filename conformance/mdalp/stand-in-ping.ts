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

/** Options of iputils' ping that have a value of their own. */
const WITH_VALUE = "-c|-i|-I|-l|-m|-M|-p|-Q|-s|-S|-t|-T|-w|-W|-e|-F";

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
    `  ${address}) time=${ms.toFixed(3)}; least=${(ms - 0.2).toFixed(3)}; most=${
      (ms + 0.2).toFixed(3)
    } ;;`
  );
  writeFileSync(
    join(bin, "ping"),
    `#!/bin/sh
count= host=
while [ $# -gt 0 ]; do
  case "$1" in
  -c) count=$2; shift ;;
  -c[0-9]*) count=\${1#-c} ;;
  ${WITH_VALUE}) shift ;;
  -*) ;;
  *) host=$1 ;;
  esac
  shift
done
echo "$host" >> '${log}'
case "$host" in
${rows.join("\n")}
  *) echo "ping: $host: Name or service not known" >&2; exit 2 ;;
esac
echo "PING $host ($host) 56(84) bytes of data."
i=1
while [ $i -le "\${count:-${MOST_ECHOES}}" ]; do
  echo "64 bytes from $host: icmp_seq=$i ttl=64 time=$time ms"
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
