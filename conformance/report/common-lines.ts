/** Which lines two texts have in common: the longest common subsequence, as steps from one to the other. */

/** A line of both texts, of the first alone, or of the second alone. */
export interface Step {
  readonly mark: " " | "-" | "+";
  readonly line: string;
}

/** The table is quadratic; what would need more cells is shown as all gone, then all new. */
const CELLS_AT_MOST = 1_000_000;

/** Common first and last lines cost nothing; what lies between goes through the table. */
export function steps(wanted: string[], came: string[]): Step[] {
  let start = 0;
  while (start < Math.min(wanted.length, came.length) && wanted[start] === came[start]) start++;
  let tail = 0;
  while (
    tail < Math.min(wanted.length, came.length) - start &&
    wanted.at(-1 - tail) === came.at(-1 - tail)
  ) tail++;
  const same = (line: string): Step => ({ mark: " ", line });
  return [
    ...wanted.slice(0, start).map(same),
    ...middle(wanted.slice(start, wanted.length - tail), came.slice(start, came.length - tail)),
    ...wanted.slice(wanted.length - tail).map(same),
  ];
}

function middle(wanted: string[], came: string[]): Step[] {
  if (wanted.length * came.length > CELLS_AT_MOST) {
    return [
      ...wanted.map((line): Step => ({ mark: "-", line })),
      ...came.map((line): Step => ({ mark: "+", line })),
    ];
  }
  // length[i][j]: the longest common subsequence of wanted from i and came from j.
  const width = came.length + 1;
  const length = new Uint32Array((wanted.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] ?? 0;
  for (let i = wanted.length - 1; i >= 0; i--) {
    for (let j = came.length - 1; j >= 0; j--) {
      length[i * width + j] = wanted[i] === came[j]
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const result: Step[] = [];
  let [i, j] = [0, 0];
  while (i < wanted.length || j < came.length) {
    const [want, got] = [wanted[i], came[j]];
    if (want !== undefined && want === got) {
      result.push({ mark: " ", line: want });
      i++, j++;
    } else if (want !== undefined && (got === undefined || at(i + 1, j) >= at(i, j + 1))) {
      result.push({ mark: "-", line: want });
      i++;
    } else if (got !== undefined) {
      result.push({ mark: "+", line: got });
      j++;
    }
  }
  return result;
}
