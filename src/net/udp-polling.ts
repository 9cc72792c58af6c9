/**
 * Busy polling: for a moment after a datagram the event loop is kept turning, so that an answer that
 * comes at once finds the process awake. Waking a process that sleeps on another core may take longer
 * than all else of a round trip on loopback. A moment that brings nothing is wasted, so it is left
 * out where it does not pay: where answers are slow, and where one core does for both sides.
 */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers";
import { runtime } from "./runtime.ts";
import type { UdpAddress, UdpDriver, UdpSocket } from "./udp.ts";

/** Some round trips on loopback; on a network no answer is as fast, and there it never pays. */
const MOMENT_MS = 0.1;
/** Turns of the loop in a moment, at most: under libfaketime a clock was seen to stand still. */
const MOST_TURNS = 1000;
/** Moments in a row that bring nothing, after which it stops. */
const PATIENCE = 3;
/** Datagrams until it is tried again, doubled each time that this was for nothing. */
const LEAST_PAUSE = 64;
const MOST_PAUSE = 8192;

/** Whether to poll after this datagram, from what polling brought before. */
export class PollingPolicy {
  #failures = 0;
  #pause = LEAST_PAUSE;
  #left = 0;

  /** Asked for each datagram that comes while nobody polls. */
  worthwhile(): boolean {
    if (this.#left === 0) return true;
    this.#left--;
    return false;
  }

  /** A datagram came while polling. */
  paid(): void {
    this.#failures = 0;
    this.#pause = LEAST_PAUSE;
  }

  /** The moment is over. */
  wasted(): void {
    if (++this.#failures < PATIENCE) return;
    this.#failures = 0;
    this.#left = this.#pause;
    this.#pause = Math.min(MOST_PAUSE, this.#pause * 2);
  }
}

/**
 * Deno's loop turns too slowly for it: measured, it gained nothing. On one core whoever polls keeps
 * the other side from answering.
 */
const POSSIBLE = runtime !== "deno" && availableParallelism() > 1;

/** The same driver, which polls where that pays. */
export function polling(driver: UdpDriver, possible: boolean = POSSIBLE): UdpDriver {
  if (!possible) return driver;
  return {
    bind(at, onDatagram): Promise<UdpSocket> {
      const poller = new Poller();
      return driver.bind(at, (datagram: Uint8Array, from: UdpAddress) => {
        onDatagram(datagram, from);
        poller.arrived();
      });
    },
  };
}

class Poller {
  readonly #policy = new PollingPolicy();
  #polls = false;
  #untilMs = 0;
  #turns = 0;

  arrived(): void {
    if (this.#polls) this.#policy.paid();
    else if (!this.#policy.worthwhile()) return;
    this.#untilMs = performance.now() + MOMENT_MS;
    this.#turns = 0;
    if (this.#polls) return;
    this.#polls = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    if (performance.now() < this.#untilMs && ++this.#turns < MOST_TURNS) {
      setImmediate(this.#turn);
      return;
    }
    this.#polls = false;
    this.#policy.wasted();
  };
}
