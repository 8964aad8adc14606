// Text of documents, AWS and people must not deceive a reader. lit escapes markup. This module escapes control characters, marks of
// writing direction, and invisible characters. HTML shows a line break or a tab as a space.
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufffe\uffff]|[\u{e0000}-\u{e0fff}]/gu;

const escape = character => character.split('')
  .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

export const safe = text => text.replace(UNSAFE, escape);

/** Parses an answer of the operator, so that every text and every name is safe to show. */
export const read = json => JSON.parse(json, (name, value) => {
  if (typeof value === 'string') return safe(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [safe(key), one]));
});
