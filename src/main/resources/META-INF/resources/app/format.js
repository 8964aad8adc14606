// Words and tones for the values of the API.
const TONES = {
  good: ['Synced', 'Repaired', 'True', 'Go', 'Resolved'],
  busy: ['Progressing', 'Waiting', 'Pending', 'Starting', 'StandingBy', 'Destroying', 'Repairing', 'Blocked', 'Follows', 'Later', 'Reconciling'],
  warn: ['Drifted', 'AwaitingApproval', 'Paused', 'Detected', 'Contested', 'Held', 'Warning'],
  bad: ['Stalled', 'Failed', 'Refused', 'Unmanaged', 'False', 'Alert'],
};
const BY_WORD = new Map(Object.entries(TONES).flatMap(([tone, words]) => words.map(word => [word, tone])));

/** @return good, busy, warn, bad or dim */
export const tone = word => BY_WORD.get(word) ?? 'dim';

/** Statuses from worst to best, as the engine orders them. */
export const STATUSES = ['Unknown', 'Orphaned', 'Stalled', 'AwaitingApproval', 'Failed', 'Progressing', 'Waiting', 'Paused',
  'Drifted', 'Pending', 'Synced'];

const URGENCY = ['Unmanaged', 'Refused', 'Destroying', ...STATUSES.filter(status => status !== 'Orphaned' && status !== 'Synced'), 'StandingBy', 'Starting',
  'Orphaned', 'Synced'];

/** The urgency of a status of a resource or a stack, the most urgent first. Orphaned is not urgent, because the retention is intended. */
export const rank = status => (URGENCY.includes(status) ? URGENCY.indexOf(status) : URGENCY.length);

/** The worst status; Orphaned does not hide another status, because the retention is intended. */
export const worst = statuses => STATUSES.find(status => status !== 'Orphaned' && statuses.includes(status))
  ?? (statuses.includes('Orphaned') ? 'Orphaned' : 'Synced');

/** AwaitingApproval → Awaiting approval */
export const words = name => name.replace(/([a-z])([A-Z])/g, (all, a, b) => `${a} ${b.toLowerCase()}`);

export const short = sha => (sha ? sha.slice(0, 12) : 'none');

export const count = (n, noun) => `${n.toLocaleString()} ${noun}${n === 1 ? '' : 's'}`;

export const ready = resource => resource.status.conditions.find(condition => condition.type === 'Ready') ?? null;

/** The start of the present status: of the condition that explains it, or else of the health. */
export function since(resource) {
  const why = resource.status.conditions.find(condition => condition.type !== 'Ready');
  return (why ?? ready(resource))?.since ?? null;
}

export function duration(ms) {
  if (ms < 1000) return `${ms} ms`;
  return ms < 60000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60000)} min`;
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const date = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
export const at = iso => moment.format(new Date(iso));
export const time = iso => clock.format(new Date(iso));
export const day = iso => date.format(new Date(iso));

/** A value as JSON: a short value in one line, a long value indented. */
export function json(value) {
  if (value === undefined) return 'null';
  const line = JSON.stringify(value);
  return line.length <= 60 ? line : JSON.stringify(value, null, 2);
}
