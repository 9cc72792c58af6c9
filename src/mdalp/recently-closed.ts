/**
 * What a receiver had of the transactions that were closed last. The ack of a last packet may be lost;
 * its copy comes after the transaction is over, and without an ack the client would never end.
 */

/** Transactions that are remembered: the next ones of a queue push the oldest out. */
const MOST_TRANSACTIONS = 8;
/**
 * Ranges kept of one. A client's packets are one range; the bound is for those who send every other
 * one.
 */
const MOST_RANGES = 4096;

type Range = readonly [first: number, last: number];

export class RecentlyClosed {
  readonly #ranges = new Map<number, readonly Range[]>();

  /** Remembers the SEQs, given in ascending order. */
  add(tid: number, seqs: readonly number[]): void {
    this.#ranges.delete(tid);
    this.#ranges.set(tid, rangesOf(seqs).slice(0, MOST_RANGES));
    const [oldest] = this.#ranges.keys();
    if (this.#ranges.size > MOST_TRANSACTIONS) this.#ranges.delete(oldest as number);
  }

  /** A transaction that is opened anew has nothing yet. */
  forget(tid: number): void {
    this.#ranges.delete(tid);
  }

  has(tid: number, seq: number): boolean {
    return this.#ranges.get(tid)?.some(([first, last]) => first <= seq && seq <= last) ?? false;
  }
}

function rangesOf(seqs: readonly number[]): Range[] {
  const ranges: [number, number][] = [];
  for (const seq of seqs) {
    const range = ranges.at(-1);
    if (range && range[1] === seq - 1) range[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
}
