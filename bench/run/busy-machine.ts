/** Whether other programs use the processors too, from what the kernel counts. Linux; elsewhere unknown. */
import { readFileSync } from "node:fs";

/** Of one core's time since the system began, in clock ticks. */
interface Ticks {
  readonly busy: number;
  /** Taken by the host of a virtual machine. */
  readonly stolen: number;
  readonly all: number;
}

/** Shares of the processors' time, 0 to 1. */
export interface MachineUse {
  readonly busy: number;
  readonly stolen: number;
}

/** How much of the processors is in use, seen for so long; undefined where the kernel does not tell. */
export async function machineUse(forMs: number): Promise<MachineUse | undefined> {
  const before = ticks();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  return useBetween(before, ticks());
}

export function useBetween(
  before: Ticks | undefined,
  after: Ticks | undefined,
): MachineUse | undefined {
  const all = (after?.all ?? 0) - (before?.all ?? 0);
  if (!before || !after || all <= 0) return undefined;
  return { busy: (after.busy - before.busy) / all, stolen: (after.stolen - before.stolen) / all };
}

export function ticks(): Ticks | undefined {
  try {
    return parseTicks(readFileSync("/proc/stat", "utf8"));
  } catch {
    return undefined;
  }
}

/** proc(5), /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice. */
export function parseTicks(text: string): Ticks | undefined {
  const line = /^cpu +(.*)$/m.exec(text)?.[1];
  if (!line) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, stolen = 0] = line
    .split(" ").map(Number);
  const busy = user + nice + system + irq + soft + stolen;
  return { busy, stolen, all: busy + idle + wait };
}

const MOST_BUSY = 0.15;
const MOST_STOLEN = 0.02;

export interface Looks {
  /** While nothing of the measurement ran yet, and no more. */
  readonly before: MachineUse | undefined;
  readonly after: MachineUse | undefined;
  readonly during: MachineUse | undefined;
  /** The load average of the minute before. */
  readonly load: number;
}

/** Lines for people; none where the machine was quiet. */
export function busyWarnings(cores: number, { before, after, during, load }: Looks): string[] {
  const warnings: string[] = [];
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  if (before && before.busy > MOST_BUSY) {
    warnings.push(
      `the machine was busy: before the measurement other programs used ${percent(before.busy)} ` +
        `of its ${cores} cores; stop them and measure again`,
    );
  } else if (load > cores) {
    warnings.push(
      `the machine may have been busy: its load average was ${load.toFixed(2)} on ${cores} cores ` +
        "before the measurement",
    );
  }
  if (after && after.busy > MOST_BUSY) {
    warnings.push(
      `the machine was busy: right after the measurement other programs used ` +
        `${percent(after.busy)} of its ${cores} cores`,
    );
  }
  if (during && during.stolen > MOST_STOLEN) {
    warnings.push(
      `the host of this virtual machine took ${percent(during.stolen)} of its processors' time ` +
        "away during the measurement",
    );
  }
  return warnings;
}
