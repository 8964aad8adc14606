// All that the page knows, and how it comes to know it. Views read `state`; nothing else is kept anywhere.
import { askAgain, get, Refused, stackPath } from './api.js';
import { serverTime } from './ago.js';
import { parse, to } from './route.js';
import { drawable } from './map.js';

/** As many events as the operator itself keeps of a stack. */
const EVENTS_KEPT = 2000;

/** Which of the graph is drawn, what the reader points at, how large it is, and what they look for. */
function graphAtFirst() {
  return { shown: 'auto', hot: null, zoom: 'auto', search: '' };
}

export const state = {
  route: parse(location.hash),
  connection: 'connecting',
  /** Why the operator tells this reader nothing, or null; nothing is asked until they want to try again. */
  locked: null,
  /** Where a reader signs out who has signed in and may read nothing, or null. */
  lockedSignOut: null,
  /** Which operator it is, and who it takes the reader for; null: not read yet. */
  operator: null,
  /** When the operator last answered, by the reader's clock. */
  answeredAt: null,
  /** null: not read yet. */
  stacks: null,
  /** The alerts that are not over, of all stacks. */
  alerts: [],
  /** By stack: resources, drift, plan, graph, events, revisions; whatever was read so far. */
  details: new Map(),
  eventsShown: 'all',
  graph: graphAtFirst(),
  /** The box that the reader points at. */
  map: { hot: null },
  /** Which composites the reader folded (true) or unfolded (false). */
  folded: new Map(),
  /** The long groups that the reader wanted to see whole. */
  unrolled: new Set(),
  dialog: null,
  messages: [],
};

let draw = () => {};

/** @param render called, at most once a frame, after anything changed */
export function onChange(render) {
  let asked = false;
  draw = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      render();
    });
  };
}

export function change(how) {
  how(state);
  draw();
}

export const stack = name => state.stacks?.find(one => one.name === name) ?? null;
export const details = name => state.details.get(name) ?? {};

/** The view that the address names; without one, the map if the stack has what stands on it. */
export const shownView = ({ route }) => route.view ?? (drawable(details(route.stack).resources ?? []) ? 'map' : 'resources');

let messageId = 0;

/** Says something for a while. */
export function say(text, tone = 'good') {
  const message = { id: ++messageId, text, tone };
  change(s => s.messages.push(message));
  setTimeout(() => unsay(message.id), tone === 'bad' ? 12000 : 6000);
}

export function unsay(id) {
  change(s => { s.messages = s.messages.filter(message => message.id !== id); });
}

/**
 * @param news of the stream, or null: anything may have changed
 * @param fresh whether the connection is new: events that another operator numbered do not go on
 * @return Promise of whether the operator answered
 */
export async function take(news, fresh) {
  if (news) serverTime(news.at);
  if (fresh) state.details.forEach(one => { one.events = []; });
  // Without a stack, the operator itself is shown, which the stream does not tell of.
  const heartbeat = news?.changed.length === 0 && news.stacks.length > 0 && state.stacks?.length === news.stacks.length;
  if (heartbeat) readOperator();
  else if (!await read(news?.changed ?? null)) return false;
  change(s => { s.answeredAt = Date.now(); });
  return true;
}

/** How far behind change events are is news too. */
const readOperator = () => get('operator').then(operator => change(s => { s.operator = operator; }), () => {});

let reading = Promise.resolve(true);
let wanted = null;

/** Reads one after the other; what is asked for meanwhile is read once. @param changed names of stacks, or null: all */
function read(changed) {
  if (wanted) {
    wanted.changed = changed && wanted.changed ? [...wanted.changed, ...changed] : null;
    return wanted.done;
  }
  const next = { changed };
  wanted = next;
  next.done = reading.then(() => {
    wanted = null;
    return readNow(next.changed);
  });
  reading = next.done;
  return next.done;
}

/** The reader wants to give the token after all. */
export function unlock() {
  askAgain();
  change(s => { s.locked = null; });
  refresh();
}

async function readNow(changed) {
  if (state.locked) return true;
  try {
    const [stacks, alerts, operator] = await Promise.all([get('stacks'), get('alerts'), get('operator')]);
    change(s => Object.assign(s, { stacks: stacks.items, alerts: alerts.items, operator }));
    const open = state.route.stack;
    if (!open) await readDrift(stacks.items);
    if (open && stack(open) && (!changed || changed.includes(open) || !details(open).resources)) await readStack(open);
    return true;
  } catch (e) {
    const locked = e instanceof Refused && (e.status === 401 || e.status === 403);
    if (locked) change(s => Object.assign(s, { locked: e.message, lockedSignOut: e.signOut }));
    return locked;
  }
}

/** Without a stack chosen: who changed what has drifted. */
const readDrift = stacks => Promise.all(stacks.filter(one => one.counts.Drifted).map(async one => {
  const drift = await get(stackPath(one.name, 'drift'));
  change(s => s.details.set(one.name, { ...details(one.name), drift }));
}));

async function readStack(name) {
  const { view } = state.route;
  const [resources, drift, plan, events, graph, revisions] = await Promise.all([
    get(stackPath(name, 'resources')), get(stackPath(name, 'drift')), get(stackPath(name, 'plan')), newEvents(name),
    view === 'graph' ? get(stackPath(name, 'graph')) : details(name).graph,
    view === 'revision' ? get(stackPath(name, 'revisions')) : details(name).revisions,
  ]);
  change(s => s.details.set(name, { resources: resources.items, drift, plan, events, graph, revisions }));
}

async function newEvents(name) {
  const before = details(name).events ?? [];
  const events = [...before];
  let after = before.at(-1)?.id ?? 0;
  for (let next = after; next !== undefined && next !== null;) {
    const page = await get(`${stackPath(name, 'events')}?after=${next}`);
    events.push(...page.items);
    next = page.next;
    after = page.items.at(-1)?.id ?? after;
  }
  return events.slice(-EVENTS_KEPT);
}

/** Reads anew what is open: after a change that was asked for, or another view was chosen. */
export const refresh = () => read([state.route.stack].filter(Boolean));

/** How many entries of the history a resource is away from the view that it was opened in. */
const depth = () => history.state?.depth ?? 0;

let depthBefore = depth();

addEventListener('hashchange', () => {
  const before = state.route;
  const route = parse(location.hash);
  const same = before.stack === route.stack && before.view === route.view;
  // An entry that is reached by Back or Forward was numbered when it came into being.
  if (history.state === null) {
    const opened = route.resource && same && (before.resource === null || depthBefore > 0);
    history.replaceState({ depth: opened ? depthBefore + 1 : 0 }, '');
  }
  depthBefore = depth();
  change(s => {
    s.route = route;
    if (before.stack !== route.stack) s.graph = graphAtFirst();
  });
  if (!same) refresh();
});

/** Back to the view that the resource was opened in; a resource that was opened by its address gives way to the view. */
export function leaveResource() {
  const { stack: name, view, filter } = state.route;
  if (depth() > 0) history.go(-depth());
  else location.replace(to(name, view, null, filter));
}

/** @param how what of the filter changes; while a text is typed, no letter is an entry of the history */
export function filterBy(how, typed = false) {
  const { stack: name, view, resource, filter } = state.route;
  const hash = to(name, view, resource, { ...filter, ...how });
  if (!typed) {
    location.hash = hash;
    return;
  }
  history.replaceState(history.state, '', hash);
  change(s => { s.route = parse(hash); });
}
