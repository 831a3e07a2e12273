// `data:` URLs in base64, as images and files come in a chat request.

/** `undefined`: not a data URL in base64. The base64 is not checked: the provider does that. */
export function dataUrl(url: string): { readonly mediaType: string; readonly base64: string } | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(",");
  const [mediaType = "", ...rest] = url.slice(5, comma).split(";");
  if (comma < 0 || rest.at(-1)?.toLowerCase() !== "base64") return undefined;
  return { mediaType: mediaType.toLowerCase(), base64: url.slice(comma + 1) };
}
