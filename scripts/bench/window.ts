// A measured stretch of time: what was done in it a second, and the server's CPU time spent on each.

import { performance } from "node:perf_hooks";
import { cpuUs } from "./proc.ts";

export interface Measured {
  /** Done a second. */
  rate: number;
  /** Server CPU µs for each; NaN when no process was watched. */
  cpuUs: number;
  /** Share of one core the server used; 0 when no process was watched. */
  busy: number;
}

export class Window {
  private readonly pid: number | null;
  private readonly count: number;
  private readonly began = performance.now();
  private readonly cpu: number;

  constructor(pid: number | null, countAtStart: number) {
    this.pid = pid;
    this.count = countAtStart;
    this.cpu = pid === null ? 0 : cpuUs(pid);
  }

  close(countAtEnd: number): Measured {
    const elapsedUs = (performance.now() - this.began) * 1000;
    const spent = this.pid === null ? Number.NaN : cpuUs(this.pid) - this.cpu;
    const count = countAtEnd - this.count;
    return { rate: (count / elapsedUs) * 1e6, cpuUs: spent / count, busy: this.pid === null ? 0 : spent / elapsedUs };
  }
}
