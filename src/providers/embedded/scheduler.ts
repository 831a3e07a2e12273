// Calls inside the model's thread take turns, one token each. Between slices of a millisecond or two the thread reads its
// messages, so a cancellation is heard at once; a call whose reader does not read waits outside the ring.

import { type Generation, startGeneration } from "./generation.ts";
import type { LanguageModel } from "./model.ts";
import { type Delta, type Order, type Report, WINDOW } from "./protocol.ts";

/** Tokens between two looks at the messages. */
const SLICE_TOKENS = 4;

interface Job {
  readonly id: number;
  readonly generation: Generation;
  /** Made, not yet sent. */
  deltas: Delta[];
  /** Sent or about to be, not yet taken by the reader. */
  ahead: number;
  /** In the ring. */
  running: boolean;
}

export class Scheduler {
  readonly #model: LanguageModel;
  readonly #report: (report: Report) => void;
  readonly #jobs = new Map<number, Job>();
  /** Whose turn is next comes first. Jobs that were cancelled are still in it. */
  readonly #ring: Job[] = [];
  #awake = false;

  constructor(model: LanguageModel, report: (report: Report) => void) {
    this.#model = model;
    this.#report = report;
  }

  receive(order: Order): void {
    switch (order.kind) {
      case "generate":
        this.#generate(order);
        break;
      case "taken":
        this.#taken(order.id, order.count);
        break;
      case "cancel":
        this.#jobs.delete(order.id);
    }
  }

  #generate({ id, request }: Order & { kind: "generate" }): void {
    const generation = startGeneration(this.#model, request);
    if (!generation) {
      this.#report({ kind: "too-long", id });
      return;
    }
    const job: Job = { id, generation, deltas: [], ahead: 0, running: false };
    this.#jobs.set(id, job);
    this.#enter(job);
  }

  #taken(id: number, count: number): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    job.ahead -= count;
    if (!job.running && job.ahead < WINDOW) this.#enter(job);
  }

  #enter(job: Job): void {
    job.running = true;
    this.#ring.push(job);
    this.#wake();
  }

  #wake(): void {
    if (this.#awake || this.#ring.length === 0) return;
    this.#awake = true;
    setImmediate(this.#slice);
  }

  readonly #slice = (): void => {
    this.#awake = false;
    const active = new Set<Job>();
    for (let token = 0; token < SLICE_TOKENS; token++) {
      const job = this.#next();
      if (!job) break;
      active.add(job);
      this.#turn(job);
    }
    for (const job of active) this.#send(job);
    this.#wake();
  };

  #next(): Job | undefined {
    let job = this.#ring.shift();
    while (job && this.#jobs.get(job.id) !== job) job = this.#ring.shift();
    return job;
  }

  #turn(job: Job): void {
    const delta = job.generation.step();
    if (delta) {
      job.deltas.push(delta);
      job.ahead++;
    }
    job.running = !job.generation.done && job.ahead < WINDOW;
    if (job.running) this.#ring.push(job);
    else if (job.generation.done) this.#jobs.delete(job.id);
  }

  #send(job: Job): void {
    const { id, deltas, generation } = job;
    if (deltas.length === 0) return;
    job.deltas = [];
    this.#report({ kind: "deltas", id, deltas, spent: generation.done ? generation.spent : undefined });
  }
}
