/** UDP as the rest of the project sees it: a bound socket that calls a handler for each datagram. */

export interface UdpAddress {
  /** A numeric address: a name would be looked up for every datagram. */
  readonly host: string;
  readonly port: number;
}

export interface UdpSocket {
  readonly address: string;
  readonly port: number;
  /**
   * Sends one datagram. What the kernel refuses for want of room is lost, as on the wire, and so is
   * what goes to port 0, whose datagrams nobody can answer.
   */
  send(datagram: Uint8Array, to: UdpAddress): void;
  close(): void;
}

/** The bytes are valid during the call. */
export type DatagramHandler = (datagram: Uint8Array, from: UdpAddress) => void;

export interface UdpDriver {
  /** Rejects with a NetError when the address cannot be bound. Port 0 lets the kernel choose. */
  bind(at: UdpAddress, onDatagram: DatagramHandler): Promise<UdpSocket>;
}
