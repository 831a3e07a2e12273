// A streamed CSV file, for saving. There is no place in it for an error, so one that was cut ends with its connection:
// every client sees that as a broken download.

import type { ProgressRun } from "../core/call.ts";
import { AnswerStream } from "./answer-stream.ts";

export class CsvStream extends AnswerStream {
  protected override headers(): string[] {
    const disposition = 'attachment; filename="requests.csv"';
    return ["content-type", "text/csv; charset=utf-8", "content-disposition", disposition, "cache-control", "no-store"];
  }

  /** Values are `{text}`. */
  protected override encode({ values }: ProgressRun): string {
    let text = "";
    for (const value of values) text += (value as { readonly text: string }).text;
    return text;
  }

  protected override complete(): void {
    this.reply.end();
  }

  protected override cut(): void {
    this.reply.cut();
  }
}
