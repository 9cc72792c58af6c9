import { connect } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withContext } from "../engine/run/test-kit.ts";
import { startDeafServer } from "./deaf-server.ts";

/** Far longer than a handshake on loopback, far shorter than the kernel goes on trying. */
const HANDSHAKE_MS = 500;

test("a server whose backlog is full neither accepts nor refuses", () =>
  withContext({ roles: {} }, async (context) => {
    const [host, port] = (await startDeafServer(context)).split(":");
    const socket = connect({ host, port: Number(port) });
    try {
      const outcome = await Promise.race([
        new Promise((done) => socket.once("connect", () => done("accepted"))),
        new Promise((done) => socket.once("error", () => done("refused"))),
        new Promise((done) => setTimeout(() => done("neither"), HANDSHAKE_MS)),
      ]);
      assert.is(outcome, "neither");
    } finally {
      socket.destroy();
    }
  }));

test.run();
