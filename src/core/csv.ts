// CSV as RFC 4180 has it: comma, CRLF, and quotes where a field has one of them or a line end.

export type CsvValue = string | number | null;

/** One line with its end; `null` is an empty field. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(field).join()}\r\n`;
}

function field(value: CsvValue): string {
  const written = value === null ? "" : String(value);
  // Callers choose names, and a spreadsheet would run what begins so.
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(written) ? `'${written}` : written;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
