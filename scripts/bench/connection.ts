// One kept-alive HTTP connection of the driver, one request at a time, and a pool of them.
// Reads land in one buffer shared by all connections: its bytes are consumed before the next read begins.

import { connect, type Socket } from "node:net";
import { HttpReader, type HttpSink } from "./http-wire.ts";

const readBuffer = Buffer.allocUnsafe(256 * 1024);

const IDLE: HttpSink = { head() {}, body() {}, end() {}, failed() {} };

export class HttpConnection {
  open = true;
  private readonly socket: Socket;
  private readonly reader = new HttpReader(IDLE);

  constructor(port: number) {
    const callback = (count: number): boolean => {
      this.reader.feed(readBuffer.subarray(0, count));
      return true;
    };
    this.socket = connect({ host: "127.0.0.1", port, noDelay: true, onread: { buffer: readBuffer, callback } });
    this.socket.on("error", (error) => this.lost(error.message));
    this.socket.on("close", () => this.lost("the connection was closed"));
  }

  private lost(why: string): void {
    if (!this.open) return;
    this.open = false;
    this.reader.sink.failed(why);
  }

  send(request: Buffer, sink: HttpSink): void {
    this.reader.sink = sink;
    this.socket.write(request);
  }

  /** Ends the connection on our own wish: no failure is reported. */
  close(): void {
    this.open = false;
    this.socket.destroy();
  }
}

/** Idle connections to one server, the last used first. */
export class ConnectionPool {
  private readonly port: number;
  private readonly idle: HttpConnection[] = [];
  private readonly all = new Set<HttpConnection>();

  constructor(port: number, ready: number) {
    this.port = port;
    for (let i = 0; i < ready; i++) this.give(this.create());
  }

  private create(): HttpConnection {
    const connection = new HttpConnection(this.port);
    this.all.add(connection);
    return connection;
  }

  take(): HttpConnection {
    for (let found = this.idle.pop(); found; found = this.idle.pop()) if (found.open) return found;
    return this.create();
  }

  give(connection: HttpConnection): void {
    if (connection.open) this.idle.push(connection);
    else this.all.delete(connection);
  }

  close(): void {
    for (const connection of this.all) connection.close();
  }
}
