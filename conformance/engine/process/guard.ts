/**
 * A shell beside this process that ends its programs when it is killed and cannot do so itself: its
 * input ends with us, however that came about. A parent-death signal would be tied to a thread, and
 * would leave alone what the programs have started themselves.
 */
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CASE_VARIABLE } from "./environment.ts";
import { readProcess } from "./proc.ts";

/**
 * Reads what is guarded once our end of its input is closed: groups are "pid/ticks", all else is a
 * mark. A group whose leader was forked at another time has its number from somebody else by now; one
 * without a leader keeps its number from others. Marks find what has left its group, and what was
 * started so late that its group is not told yet; they are looked for until none is found twice, since
 * a program may fork meanwhile, and its environment reads as empty during execve(2).
 */
export const GUARD_SCRIPT = `
forked() {
  set -- \${1##*) }
  shift 19
  echo "$1"
}
exec 3< "$1/guarded"
rm -r "$1"
read -r never
read -r words <&3
set -f -- --
for word in $words; do
  case $word in
    *[!0-9/]*) set -- -e "${CASE_VARIABLE}=$word" "$@" ;;
    *)
      stat=
      read -r stat < "/proc/\${word%/*}/stat"
      [ -n "$stat" ] && [ "$(forked "$stat")" != "\${word#*/}" ] && continue
      kill -s KILL -- "-\${word%/*}"
      ;;
  esac
done
[ "$1" = -- ] && exit
set +f
empty=0
looks=0
while [ $empty -lt 2 ] && [ $looks -lt 100 ]; do
  files=$(grep -alzxF "$@" /proc/[0-9]*/environ)
  empty=$((empty + 1))
  looks=$((looks + 1))
  for file in $files; do
    empty=0
    pid=\${file#/proc/}
    kill -s KILL "\${pid%/environ}"
  done
  sleep 0.05
done`;

const marks = new Set<string>();
const groups = new Map<number, string>();
let list: number | undefined;
/** Bytes of its longest line until now. */
let length = 0;

/** Until it is released, what carries the mark of a program is ended with us; call it before its start. */
export function guardMark(mark: string): void {
  marks.add(mark);
  tell();
}

/**
 * The same for the process group that a program leads, for those that overwrite the environment that
 * they were given.
 */
export function guardGroup(leader: number): void {
  const entry = readProcess(leader);
  if (!entry) return;
  groups.set(leader, `${leader}/${entry.startTicks}`);
  tell();
}

/** Leaves both alone again: a group's id may soon be another's. */
export function release(mark: string, leader: number | undefined): void {
  marks.delete(mark);
  if (leader !== undefined) groups.delete(leader);
  tell();
}

/** In one write, before anything else is done: what cuts us short leaves the list as it was or is. */
function tell(): void {
  list ??= startShell();
  const text = Buffer.from(`${[...marks, ...groups.values()].join(" ").padEnd(length)}\n`);
  length = text.length - 1;
  // Deno does not take a position with a string.
  writeSync(list, text, 0, text.length, 0);
}

/** The descriptor of the list. Without a shell there is no guard, which takes nothing from an end in order. */
function startShell(): number {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-guard-"));
  const file = openSync(join(folder, "guarded"), "w");
  // In a session of its own, and with no case's mark: what ends us does not end it.
  const shell = spawn("/bin/sh", ["-c", GUARD_SCRIPT, "guard", folder], {
    detached: true,
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  // Neither keeps this process from its own end.
  shell.unref();
  (shell.stdin as unknown as { unref?(): void }).unref?.();
  return file;
}
