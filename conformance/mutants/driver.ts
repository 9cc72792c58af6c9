/** Faults on the wire: TCP drivers that stand between a reference and its clients. */
import { Buffer } from "node:buffer";
import process from "node:process";
import { nodeTcp } from "../../src/net/mod.ts";
import type { TcpDriver, TcpHandler, TcpSocket } from "../../src/net/mod.ts";

type Accept = (socket: TcpSocket) => TcpHandler;

/** A driver whose listeners take connections in another way. */
export function accepting(change: (accept: Accept) => Accept): TcpDriver {
  return { ...nodeTcp, listen: (options, accept) => nodeTcp.listen(options, change(accept)) };
}

/** A driver that hands each piece of what clients send to `change`, the first ones of a connection. */
export function receiving(change: (text: string, first: boolean) => string | undefined): TcpDriver {
  return accepting((accept) => (socket) => {
    const handler = accept(socket);
    let first = true;
    return passedOn(() => handler, (bytes) => {
      const text = change(Buffer.from(bytes).toString("latin1"), first);
      first = false;
      if (text) handler.onData(Buffer.from(text, "latin1"));
    });
  });
}

/** Ends the process at a request line of one word, as `line.split()[1]` does. */
export const crashOnShortLine: TcpDriver = receiving((text, first) => {
  const words = (text.split(/\r?\n/, 1)[0] as string).trim().split(" ");
  if (first && text.includes("\n") && words.length < 2) process.exit(1);
  return text;
});

/** Takes a NUL for a letter. */
export const takeNul: TcpDriver = receiving((text) => text.replaceAll("\0", "x"));

/** Takes any version for HTTP/1.1. */
export const takeAnyVersion: TcpDriver = receiving((text) =>
  text.replace(/^([A-Z]+ \S+) HTTQ\/\S+/, "$1 HTTP/1.1")
);

/** Takes any method for GET. */
export const takeAnyMethod: TcpDriver = receiving((text, first) =>
  first ? text.replace(/^(?!HEAD )[A-Z]+ (\S+ HTTP)/, "GET $1") : text
);

/** Takes the first piece for the whole request. */
export const readOnce: TcpDriver = cutShort((piece) => endHead(piece));

/** Answers when the first line is there, and does not wait for the rest of the head. */
export const readLine: TcpDriver = cutShort((piece) =>
  piece.includes("\n") ? endHead(piece) : undefined
);

/**
 * Makes a request of the first pieces as soon as `end` does, and drops what comes later; a request
 * that comes in one piece is left as it is.
 */
function cutShort(end: (pieces: string) => string | undefined): TcpDriver {
  return accepting((accept) => (socket) => {
    const handler = accept(socket);
    let state: "begun" | "whole" | "cut" = "begun";
    let pieces = "";
    return passedOn(() => handler, (bytes) => {
      if (state === "cut") return;
      if (state === "whole") return handler.onData(bytes);
      const first = pieces === "";
      pieces += Buffer.from(bytes).toString("latin1");
      const whole = first && /\n\r?\n/.test(pieces);
      const text = whole ? pieces : end(pieces);
      if (text === undefined) return;
      state = whole ? "whole" : "cut";
      handler.onData(Buffer.from(text, "latin1"));
    });
  });
}

function endHead(text: string): string {
  const line = text.split("\r\n", 1)[0] as string;
  return `${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
}

/**
 * Serves one connection at a time. The next has its turn when this one is gone, or, where that is
 * enough, when it has its answer.
 */
export function oneAtATime(turnEnds: "answered" | "closed"): TcpDriver {
  const waiting: (() => void)[] = [];
  let busy = false;
  const next = () => {
    const start = waiting.shift();
    busy = start !== undefined;
    start?.();
  };
  return accepting((accept) => (socket) => {
    const held = new Held();
    let begun = false;
    let done = false;
    const release = () => {
      if (!begun) done = true;
      if (done) return;
      done = true;
      next();
    };
    const watched: TcpSocket = Object.assign(Object.create(null), {
      ...addressesOf(socket),
      write(data: Uint8Array | string) {
        const taken = socket.write(data);
        if (turnEnds === "answered") release();
        return taken;
      },
      writeBoth(text: string, bytes: Uint8Array) {
        watched.write(text);
        return watched.write(bytes);
      },
      end: () => {
        socket.end();
        release();
      },
      destroy: () => socket.destroy(),
      reset: () => socket.reset(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      setIdleTimeout: (ms: number) => socket.setIdleTimeout(ms),
    });
    const begin = () => {
      if (done) return next();
      begun = true;
      held.give(accept(watched));
    };
    if (busy) waiting.push(begin);
    else {
      busy = true;
      begin();
    }
    held.onGone = release;
    return held;
  });
}

/** Closes at once on a client that comes when so many are there. */
export function atMost(clients: number): TcpDriver {
  let open = 0;
  return accepting((accept) => (socket) => {
    open++;
    const handler = accept(socket);
    if (open > clients) socket.destroy();
    return passedOn(() => handler, undefined, () => open--);
  });
}

/** A handler that passes everything on, but for data that is to be taken otherwise. */
export function passedOn(
  to: () => TcpHandler,
  onData?: (bytes: Uint8Array) => void,
  onGone?: () => void,
): TcpHandler {
  return {
    onData: onData ?? ((bytes) => to().onData(bytes)),
    onDrain: () => to().onDrain?.(),
    onEnd: () => to().onEnd?.(),
    onIdle: () => to().onIdle?.(),
    onClose: (error) => {
      onGone?.();
      to().onClose?.(error);
    },
  };
}

/** Keeps what happens on a connection until there is somebody to tell. */
export class Held implements TcpHandler {
  #handler: TcpHandler | undefined;
  #events: ((handler: TcpHandler) => void)[] = [];
  onGone: (() => void) | undefined;

  give(handler: TcpHandler): void {
    this.#handler = handler;
    for (const event of this.#events) event(handler);
    this.#events = [];
  }

  #tell(event: (handler: TcpHandler) => void): void {
    if (this.#handler) event(this.#handler);
    else this.#events.push(event);
  }

  onData(bytes: Uint8Array): void {
    const copy = Buffer.from(bytes);
    this.#tell((handler) => handler.onData(copy));
  }

  onDrain(): void {
    this.#tell((handler) => handler.onDrain?.());
  }

  onEnd(): void {
    this.#tell((handler) => handler.onEnd?.());
  }

  onIdle(): void {
    this.#tell((handler) => handler.onIdle?.());
  }

  onClose(): void {
    this.onGone?.();
    this.#tell((handler) => handler.onClose?.(undefined));
  }
}

function addressesOf(socket: TcpSocket) {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  return { remoteAddress, remotePort, localAddress, localPort };
}
