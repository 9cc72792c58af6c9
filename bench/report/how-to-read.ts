/** The words of the report, explained. */
export const HOW_TO_READ: readonly (readonly [term: string, text: string])[] = [
  [
    "Round",
    "Every set-up is measured once in a round, in an order drawn anew each time, so that whatever disturbs " +
    "the machine disturbs all of them alike. A round gives one value; the tables tell the median of these.",
  ],
  [
    "95 % interval, written (low..high)",
    "The rounds are drawn again with replacement, thousands of times, and the median taken each time: " +
    "the middle 95 % of these medians. Two values whose intervals lie apart differ by more than chance.",
  ],
  [
    "Ratio",
    "Two set-ups compared within each round, then the median over the rounds. They are told apart where its " +
    "interval leaves out 1 and there were enough rounds.",
  ],
  [
    "Latency and percentiles",
    "From the intended start of a request to the last byte of its answer. The 99th percentile (p99) is what " +
    "1 answer in 100 took longer than. At a given rate (open loop) a request that failed or was not answered " +
    "within its 10 s counts with these 10 s at least: >= stands where a percentile falls among such. In MDALP, of a packet: from sending it to its acknowledgement.",
  ],
  [
    "Void round, outlier",
    "A round with a body that is not what was asked for, or a server that died, is void and counts for " +
    "nothing. An outlier lies far from the other rounds; it is marked, and counts.",
  ],
  [
    "Failed, and other counts",
    "What failed is known to have failed, in void rounds too; the share is of all transfers begun. Other " +
    "counts are sums over the rounds that count.",
  ],
  [
    "Client was the limit",
    "The load generator had no time left, so the server could have done more: the bound is told instead " +
    "of a figure of the server, and no comparison is made.",
  ],
  [
    "Makespan over its bound",
    "The time of a whole transfer over the shortest one that the paths' round trips allow: 1 is perfect, " +
    "2 takes twice as long as it had to.",
  ],
];
