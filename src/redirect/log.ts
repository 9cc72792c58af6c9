/** A line per event, for people or for programs. */

export type LogFormat = "text" | "json" | "none";

export type EventFields = Readonly<Record<string, string | number | boolean>>;

/** Takes an event's name and what belongs to it. */
export type Log = (event: string, fields?: EventFields) => void;

/** Says nothing; who has much to say may leave it out where the log is this one. */
export const silentLog: Log = () => {};

/**
 * A log that writes lines: `12:00:01.234 redirect target=/a status=301`, or one JSON object a line
 * with `time` in ISO 8601.
 */
export function createLog(format: LogFormat, write: (line: string) => void): Log {
  if (format === "none") return silentLog;
  if (format === "json") {
    return (event, fields = {}) =>
      write(JSON.stringify({ time: new Date().toISOString(), event, ...fields }) + "\n");
  }
  return (event, fields = {}) => {
    const time = new Date().toISOString().slice(11, 23);
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${visible(value)}`).join("");
    write(`${time} ${event}${rest}\n`);
  };
}

/** What came from outside is quoted, so that it cannot drive a terminal. */
function visible(value: string | number | boolean): string {
  const text = String(value);
  if (/^[\x21-\x7e]*$/.test(text) && !text.includes('"')) return text;
  // JSON leaves DEL, the C1 controls and marks of direction as they are.
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
