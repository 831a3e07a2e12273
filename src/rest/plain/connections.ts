// All connections that are read without node:http, whose own work on a small request costs more than all of the broker's. One
// clock for all of them looks after those that wait too long.

import type { Socket } from "node:net";
import type { Connections } from "../connection.ts";
import type { RestLimits } from "../limits.ts";
import { PlainConnection, type PlainRoom } from "./connection.ts";

export interface PlainDeps extends Pick<PlainRoom, "serve" | "clientError" | "handOver"> {
  readonly limits: RestLimits;
  readonly connections: Connections;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export class PlainConnections implements PlainRoom {
  readonly headerBytes: number;
  readonly keepAlive: string;
  readonly serve: PlainRoom["serve"];
  readonly clientError: PlainRoom["clientError"];
  readonly handOver: PlainRoom["handOver"];
  readonly #deps: PlainDeps;
  readonly #all = new Set<PlainConnection>();
  readonly #sweepMs: number;
  /** Runs while there are connections. */
  #sweep: NodeJS.Timeout | undefined;
  #second = -1;
  #date = "";

  constructor(deps: PlainDeps) {
    const { headerBytes, keepAliveMs, requestMs } = deps.limits;
    this.#deps = deps;
    this.headerBytes = headerBytes;
    this.keepAlive = `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n`;
    this.#sweepMs = Math.min(1000, keepAliveMs, requestMs);
    this.serve = deps.serve;
    this.clientError = deps.clientError;
    this.handOver = deps.handOver;
  }

  take(socket: Socket): void {
    this.#all.add(new PlainConnection(this, socket, this.#deps.connections.of(socket)));
    this.#sweep ??= setInterval(() => this.#check(), this.#sweepMs).unref();
  }

  readonly left = (connection: PlainConnection): void => {
    this.#all.delete(connection);
    if (this.#all.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  };

  closeIdle(): void {
    for (const { waitsFor, socket } of this.#all) if (waitsFor === "idle") socket.destroy();
  }

  /** The same for all answers of a second. */
  get date(): string {
    const second = Math.floor(this.#deps.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = `date: ${new Date(second * 1000).toUTCString()}\r\n`;
    }
    return this.#date;
  }

  /** Time is counted in sweeps, which is as exact as the limits need. */
  #check(): void {
    const { keepAliveMs, requestMs } = this.#deps.limits;
    for (const connection of this.#all) {
      const { waitsFor, socket } = connection;
      const waitedMs = connection.age++ * this.#sweepMs;
      if (waitsFor === "idle" && waitedMs >= keepAliveMs) socket.destroy();
      else if (waitsFor === "receiving" && waitedMs >= requestMs) this.clientError("ERR_HTTP_REQUEST_TIMEOUT", socket);
    }
  }
}
