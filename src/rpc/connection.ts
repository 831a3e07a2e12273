// One connection that speaks JSON-RPC without HTTP. Answers of one turn of the event loop go out in one write, which is
// worth 4.5 times under pipelining. A peer that does not read is not read from, and its streams wait; one that has gone
// takes its calls with it.

import type { Socket } from "node:net";
import { BrokerError } from "../core/errors.ts";
import type { Caller } from "../dispatch/request.ts";
import type { Arrival } from "./arriving.ts";
import { type RpcCore, refusal } from "./core.ts";
import type { Framing } from "./framing.ts";
import { RpcSession } from "./session.ts";

/** Characters of answers that are written before the turn ends. */
const FLUSH_AT = 65_536;
/** Milliseconds that a peer has to read the last answer before the connection goes. */
const LINGER_MS = 2000;
/** Milliseconds to the first look whether a peer that sends no more still listens; doubled each time, up to the last. */
const FIRST_PROBE_MS = 20;
const LAST_PROBE_MS = 5000;

type State = "busy" | "partial" | "idle" | "over";

export class RawConnection {
  readonly #socket: Socket;
  readonly #framing: Framing;
  readonly #core: RpcCore;
  readonly #session: RpcSession;
  readonly #arrival: Arrival;
  readonly #idleMs: number;
  /** Answers of this turn, or those that wait for a blocked peer. */
  #out = "";
  #scheduled = false;
  /** Set while the peer has yet to take what was written; resolves when it has, or is gone. */
  #blocked: PromiseWithResolvers<void> | undefined;
  #reading = false;
  #paused = false;
  /** The peer sends no more. */
  #finished = false;
  /** No more messages are taken; the connection ends when all are answered. */
  #ending = false;
  #ended = false;
  #over = false;
  #probe: NodeJS.Timeout | undefined;
  #messages = 0;
  /** What `check` saw last, and since when. */
  readonly #seen: { messages: number; state: State; since: number } = { messages: 0, state: "busy", since: 0 };

  /** `first`: bytes that were read to find out the framing. */
  constructor(socket: Socket, framing: Framing, core: RpcCore, caller: Caller, first: Buffer) {
    this.#socket = socket;
    this.#framing = framing;
    this.#core = core;
    this.#session = new RpcSession(caller, undefined, (text) => this.#send(text));
    this.#arrival = core.arriving.from(caller, undefined);
    this.#idleMs = caller.ip.startsWith("unix:") ? 0 : core.limits.idleMs;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => this.#peerSendsNoMore());
    socket.on("drain", () => this.#unblock());
    socket.on("finish", () => this.#linger());
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () => this.#peerIsGone());
    this.#take(first);
  }

  /** Ends the connection as soon as no call is under way. */
  end(): void {
    this.#ending = true;
    this.#settle();
  }

  /** Answers a fault that no message can follow, and ends. */
  refuse(fault: BrokerError): void {
    this.#send(refusal(null, fault));
    this.end();
  }

  /** Called now and then with the time: ends what is idle, half sent or over for too long. */
  check(now: number): void {
    const state = this.#state();
    const seen = this.#seen;
    if (state === "busy" || state !== seen.state || this.#messages !== seen.messages) {
      seen.messages = this.#messages;
      seen.state = state;
      seen.since = now;
      return;
    }
    const quietMs = now - seen.since;
    if (state === "over" && quietMs >= LINGER_MS) this.#socket.destroy();
    if (state === "partial" && quietMs >= this.#core.limits.messageMs) this.refuse(new BrokerError("request_timeout"));
    if (state === "idle" && this.#idleMs > 0 && quietMs >= this.#idleMs) this.end();
  }

  #state(): State {
    if (this.#over) return "over";
    if (this.#ended || this.#blocked || this.#session.inFlight > 0) return "busy";
    return this.#framing.partial ? "partial" : "idle";
  }

  #take(chunk: Buffer): void {
    if (this.#ending) return;
    this.#framing.push(chunk);
    this.#read();
  }

  /** Takes messages as long as the peer reads and has calls left. */
  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    const { inFlight } = this.#core.limits;
    while (!this.#ending && !this.#blocked && this.#session.inFlight < inFlight) {
      const message = this.#framing.next();
      if (message !== undefined) {
        this.#messages++;
        this.#core.handle(message, this.#session, this.#reply);
      }
      if (this.#framing.broken || (message === undefined && this.#finished)) this.#ending = true;
      if (message === undefined) {
        this.#resume();
        break;
      }
    }
    this.#reading = false;
    if (this.#blocked || this.#session.inFlight >= inFlight) this.#pause();
    this.#count();
    this.#settle();
  }

  /** What has come and is not taken yet is held at the cost of all. */
  #count(): void {
    if (this.#ended) return;
    try {
      this.#arrival.hold(this.#framing.held);
    } catch (cause) {
      this.refuse(cause as BrokerError);
    }
  }

  #pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }

  readonly #reply = (text: string | undefined): void => {
    if (text !== undefined) this.#send(text);
    if (this.#reading) return;
    if (this.#paused) this.#read();
    else this.#settle();
  };

  #send(text: string): Promise<void> | undefined {
    this.#out += this.#framing.frame(text);
    if (this.#blocked) return this.#blocked.promise;
    if (this.#out.length >= FLUSH_AT) return this.#flush();
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#turnEnds);
    }
    return undefined;
  }

  readonly #turnEnds = (): void => {
    this.#scheduled = false;
    if (!this.#blocked) this.#flush();
  };

  /** A promise when the peer does not take it all at once. */
  #flush(): Promise<void> | undefined {
    const out = this.#out;
    this.#out = "";
    if (out === "" || this.#ended || this.#socket.write(out)) return undefined;
    this.#blocked = Promise.withResolvers();
    // This timer runs again from the start whenever the peer took a part.
    this.#socket.setTimeout(this.#core.limits.stalledMs);
    return this.#blocked.promise;
  }

  #unblock(): void {
    const blocked = this.#blocked;
    if (!blocked || this.#ended) return;
    this.#blocked = undefined;
    this.#socket.setTimeout(0);
    this.#flush();
    blocked.resolve();
    this.#read();
  }

  /** Ends the connection when it is to end and everything is answered. */
  #settle(): void {
    if (!this.#ending || this.#ended || this.#session.inFlight > 0) return;
    this.#ended = true;
    this.#arrival.hold(0);
    clearTimeout(this.#probe);
    this.#socket.setTimeout(this.#core.limits.stalledMs);
    this.#socket.end(this.#out);
    this.#out = "";
  }

  /** Everything is written. What still comes is dropped, for closing at once would make the peer lose the answer. */
  #linger(): void {
    this.#over = true;
    this.#socket.resume();
  }

  #peerSendsNoMore(): void {
    this.#finished = true;
    this.#framing.finish();
    this.#read();
    this.#lookForPeer(FIRST_PROBE_MS);
  }

  /** A peer that sends no more may still read, as `nc -N` does, or be gone: only writing what it passes over tells. */
  #lookForPeer(waitMs: number): void {
    if (this.#ended || !this.#session.awaited) return;
    if (this.#framing.filler === undefined) {
      this.#session.close();
      return;
    }
    if (!this.#blocked) this.#socket.write(this.#framing.filler);
    this.#probe = setTimeout(() => this.#lookForPeer(Math.min(2 * waitMs, LAST_PROBE_MS)), waitMs);
  }

  #peerIsGone(): void {
    this.#ended = true;
    this.#arrival.hold(0);
    this.#out = "";
    clearTimeout(this.#probe);
    this.#session.close();
    this.#blocked?.resolve();
  }
}
