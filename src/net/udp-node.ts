/** UDP over `node:dgram`, which all three runtimes have. */
import { createSocket } from "node:dgram";
import { NetError } from "./tcp.ts";
import type { DatagramHandler, UdpAddress, UdpDriver, UdpSocket } from "./udp.ts";

function bind(at: UdpAddress, onDatagram: DatagramHandler): Promise<UdpSocket> {
  const socket = createSocket(at.host.includes(":") ? "udp6" : "udp4");
  return new Promise((resolve, reject) => {
    const refused = (cause: Error) => {
      socket.close();
      reject(NetError.from(cause, `binding UDP ${at.host}:${at.port}`));
    };
    socket.once("error", refused);
    socket.on("message", (datagram, from) => {
      onDatagram(datagram, { host: from.address, port: from.port });
    });
    socket.bind({ address: at.host, port: at.port }, () => {
      // An ICMP error of an earlier datagram says nothing of the socket.
      socket.off("error", refused).on("error", () => {});
      const { address, port } = socket.address();
      let open = true;
      resolve({
        address,
        port,
        send(datagram, to) {
          // A datagram may come from port 0 (RFC 768), to which no answer can go: `send` would throw.
          if (open && to.port !== 0) socket.send(datagram, to.port, to.host, () => {});
        },
        close() {
          if (open) socket.close();
          open = false;
        },
      });
    });
  });
}

export const nodeUdp: UdpDriver = { bind };
