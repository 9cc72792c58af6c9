import { test } from "uvu";
import * as assert from "uvu/assert";
import { addressOfPort, isListening, listeningOf, listeningPorts, localPorts } from "./ports.ts";
import { LISTENER, printed, withPrograms } from "./test-kit.ts";

async function portOf(program: Parameters<typeof printed>[0]): Promise<number> {
  return Number((await printed(program, /port (\d+)\n/))[1]);
}

test("gives each listening socket with its address as bound", () =>
  withPrograms(async (start) => {
    for (const address of ["127.0.0.1", "127.3.2.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"]) {
      const program = await start([...LISTENER, "0", address]);
      const port = await portOf(program);
      assert.equal(listeningOf(program.tree()), [{ protocol: "tcp", address, port }]);
    }
  }));

test("gives UDP ports, and not the sockets of another program", () =>
  withPrograms(async (start) => {
    const socket = `const socket = require("node:dgram").createSocket("udp4");
      socket.bind(0, "127.0.0.1", () => console.log("port " + socket.address().port));`;
    const udp = await start(["node", "-e", socket]);
    const tcp = await start(LISTENER);
    const [udpPort, tcpPort] = [await portOf(udp), await portOf(tcp)];
    assert.equal(listeningPorts(udp.tree()), { tcp: [], udp: [udpPort] });
    assert.equal(listeningPorts(tcp.tree()), { tcp: [tcpPort], udp: [] });
    assert.ok(isListening(udpPort, "udp") && !isListening(udpPort, "tcp"));
    assert.ok(localPorts().has(udpPort) && localPorts().has(tcpPort));
  }));

test("finds the port of a grandchild, and leaves connections out", () =>
  withPrograms(async (start) => {
    const server = await start(["sh", "-c", '"$@" & wait', "sh", ...LISTENER]);
    const port = await portOf(server);
    assert.equal(listeningPorts(server.tree()).tcp, [port]);
    const connect = `require("node:net").connect(${port}, "127.0.0.1", () => console.log("up"));`;
    const client = await start(["node", "-e", connect]);
    await printed(client, /up/);
    assert.equal(listeningOf(client.tree()), []);
  }));

test("one that polls sees what listens on IPv6 after the moment that it names", () =>
  withPrograms(async (start) => {
    isListening(1, "tcp", 0);
    const program = await start([...LISTENER, "0", "::"]);
    const port = await portOf(program);
    assert.ok(isListening(port, "tcp", performance.now()));
    assert.is(addressOfPort(program.tree(), port, "tcp", performance.now()), "::");
    assert.is(addressOfPort([], port, "tcp"), undefined);
  }));

test("a process that is gone listens on nothing", () =>
  withPrograms(async (start) => {
    const program = await start(LISTENER);
    const port = await portOf(program);
    const pids = program.tree();
    await program.stop();
    assert.equal(listeningOf(pids), []);
    assert.not.ok(isListening(port, "tcp"));
  }));

test.run();
