/** The receiver's side of the round trips: answers each data packet with its ack. */
import { MessageError, readMessage, writeAck } from "../../src/mdalp/mod.ts";
import type { Message } from "../../src/mdalp/mod.ts";
import { udp } from "../../src/net/mod.ts";

const socket = await udp.bind({ host: "127.0.0.1", port: 0 }, (datagram, from) => {
  const message = messageOf(datagram);
  if (message?.type === "data") socket.send(writeAck(message.tid, message.seq), from);
});
console.log(`port ${socket.port}`);

function messageOf(datagram: Uint8Array): Message | undefined {
  try {
    return readMessage(datagram);
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}
