// Shapes with the same meaning as the colours.
import { svg, html } from './lit.js';

const SHAPES = {
  check: svg`<path d="M3 8.500 6.500 12 13 4.500"/>`,
  turning: svg`<path d="M13.500 8A5.500 5.500 0 1 1 9.500 2.700"/><path d="M9 .8l.8 2L8 4.200"/>`,
  clock: svg`<circle cx="8" cy="8" r="5.700"/><path d="M8 4.800V8l2.200 1.500"/>`,
  triangle: svg`<path d="M8 2.200 14.200 13H1.800z"/><path d="M8 6.500v3M8 11.200v.1"/>`,
  cross: svg`<circle cx="8" cy="8" r="5.900"/><path d="m5.800 5.800 4.400 4.400m0-4.400-4.400 4.400"/>`,
  question: svg`<circle cx="8" cy="8" r="5.900"/><path d="M6.200 6.300a1.900 1.900 0 1 1 2.700 1.700c-.6.3-.9.6-.9 1.200M8 11.300v.1"/>`,
  pause: svg`<path d="M5.500 3.500v9M10.500 3.500v9"/>`,
  lock: svg`<rect x="3.200" y="7" width="9.600" height="6.500" rx="1.200"/><path d="M5.300 7V5a2.700 2.700 0 0 1 5.400 0v2"/>`,
  circle: svg`<circle cx="8" cy="8" r="5"/>`,
  dash: svg`<path d="M4 8h8"/>`,
  close: svg`<path d="m4 4 8 8m0-8-8 8"/>`,
  chevron: svg`<path d="m6 3.500 4.500 4.500L6 12.500"/>`,
  search: svg`<circle cx="7" cy="7" r="4.300"/><path d="m10.300 10.300 3.500 3.500"/>`,
  anchor: svg`<path d="M8 5.200v8.300M5.500 7.300h5M2.800 9.500c.3 2.500 2.500 4 5.200 4s4.900-1.500 5.200-4"/><circle cx="8" cy="3.600" r="1.500"/>`,
};

const BY_WORD = {
  Synced: 'check', Repaired: 'check', True: 'check', Go: 'check', Resolved: 'check',
  Progressing: 'turning', Repairing: 'turning', Starting: 'turning', Destroying: 'turning', Reconciling: 'turning',
  Waiting: 'clock', Blocked: 'clock', Follows: 'clock', Later: 'clock', Pending: 'circle',
  Drifted: 'triangle', Detected: 'triangle', Contested: 'triangle', Warning: 'triangle',
  AwaitingApproval: 'lock', Held: 'lock', Paused: 'pause',
  Stalled: 'cross', Failed: 'cross', Refused: 'cross', Unmanaged: 'cross', False: 'cross', Alert: 'cross',
  Unknown: 'question', Orphaned: 'dash', Info: 'dash',
};

/** A decoration: the text next to it has the same meaning. */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[name]}</svg>`;
}

export const statusIcon = word => icon(BY_WORD[word] ?? 'circle');
export const statusShape = word => SHAPES[BY_WORD[word] ?? 'circle'];
