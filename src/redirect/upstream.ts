/** The servers that a balancer sends its clients to. */

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** A list of servers that cannot be read; names the entry. */
export class UpstreamError extends Error {
  readonly code = "bad-upstream";
}

const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

/** Reads `HOST:PORT`. */
export function parseUpstream(text: string): Upstream {
  const match = ADDRESS.exec(text.trim());
  const port = Number(match?.[2]);
  if (!match || port < 1 || port > 65535) {
    const shown = JSON.stringify(text.slice(0, 80));
    throw new UpstreamError(`${shown} is not HOST:PORT with a port in 1..65535`);
  }
  return { host: (match[1] as string).replace(/^\[|\]$/g, ""), port };
}

/** Reads a file's text with one `HOST:PORT` a line; empty lines and `#` comments are left out. */
export function parseUpstreams(text: string): Upstream[] {
  return text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim()).filter(Boolean)
    .map(parseUpstream);
}

export function upstreamName({ host, port }: Upstream): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
