// Cuts a text into what is spoken at one go. A short piece is heard soon and can be given up soon, and the time that the
// voice takes for one text grows faster than the text. Nothing is lost: the pieces together are the text.

/** UTF-16 units of a piece: some 12 s of speech. */
const MOST = 200;
/** Shorter pieces cost more in starts than they save. */
const LEAST = 60;

/** Ends of sentences, then of their parts, then of words: the best that a piece has. */
const ENDS = [/[.!?…]["')\]]*\s+|\n+/g, /[,;:–—]\s+/g, /\s+/g];

/** At least one piece; a text without any spaces is cut between characters. */
export function* utterances(text: string): Generator<string, void, void> {
  let at = 0;
  while (text.length - at > MOST) {
    const end = at + endOf(text.slice(at, at + MOST));
    yield text.slice(at, end);
    at = end;
  }
  yield text.slice(at);
}

/** Where a piece of this text best ends. The end of the text itself is no end of a sentence: what follows is not known. */
function endOf(text: string): number {
  for (const ends of ENDS) {
    const places = [...text.matchAll(ends)].map(({ index, 0: { length } }) => index + length);
    const last = places.findLast((place) => place >= LEAST);
    if (last !== undefined) return last;
  }
  const isPair = /[\ud800-\udbff]$/.test(text);
  return isPair ? text.length - 1 : text.length;
}
