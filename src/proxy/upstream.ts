/** The servers behind a proxy, and what it knows of each. */
import { parseUpstream, upstreamName } from "../redirect/upstream.ts";

/** The port of an address that names none: the lab's state file holds bare addresses. */
const HTTP_PORT = 80;

/** One server. There is one object for each address, so that its counts are in one place. */
export class Upstream {
  readonly host: string;
  readonly port: number;
  /** `HOST:PORT`, its key. */
  readonly name: string;
  /** As it was first given, for people: the lab writes addresses without a port. */
  readonly label: string;
  /** Requests that were sent to it. */
  requests = 0;
  /** Of these, those that it has not answered whole. */
  inFlight = 0;
  /** Connections and answers that failed. */
  failures = 0;

  constructor(host: string, port: number, label: string) {
    this.host = host;
    this.port = port;
    this.name = upstreamName({ host, port });
    this.label = label;
  }
}

/** All servers seen so far, by address. */
export class UpstreamTable {
  readonly #byName = new Map<string, Upstream>();

  /**
   * The server at `HOST[:PORT]`, port 80 where none is given; a new one is remembered.
   *
   * @throws {UpstreamError} for anything else.
   */
  at(address: string): Upstream {
    const text = address.trim();
    const bare = /^(?:\[[^\]]*\]|[^:]*)$/.test(text);
    const { host, port } = parseUpstream(bare ? `${text}:${HTTP_PORT}` : text);
    const name = upstreamName({ host, port });
    let found = this.#byName.get(name);
    if (!found) this.#byName.set(name, found = new Upstream(host, port, text));
    return found;
  }

  /** In the order in which they were first named. */
  all(): Upstream[] {
    return [...this.#byName.values()];
  }
}
