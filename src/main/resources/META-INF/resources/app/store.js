// All data of the page, and its requests. Views read `state`; no other module keeps data.
import { askAgain, get, Refused, stackPath } from './api.js';
import { serverTime } from './ago.js';
import { parse, to } from './route.js';
import { drawable } from './map.js';

/** The number of events that the operator itself keeps for a stack. */
const EVENTS_KEPT = 2000;

/** The drawn part of the graph, the box under the pointer, the scale, and the text of the search. */
function graphAtFirst() {
  return { shown: 'auto', hot: null, zoom: 'auto', search: '' };
}

export const state = {
  route: parse(location.hash),
  connection: 'connecting',
  /** The reason why this reader has no access, or null; the page sends no requests until the reader retries. */
  locked: null,
  /** The path to sign out for a reader who has signed in without a role, or null. */
  lockedSignOut: null,
  /** The operator, with the identity that it assigns to the reader; null: not read yet. */
  operator: null,
  /** When the operator last answered, by the reader's clock. */
  answeredAt: null,
  /** null: not read yet. */
  stacks: null,
  /** The open alerts of all stacks. */
  alerts: [],
  /** By stack: the resources, drift, plan, graph, events and revisions that were read so far. */
  details: new Map(),
  eventsShown: 'all',
  graph: graphAtFirst(),
  /** The box under the pointer. */
  map: { hot: null },
  /** The composites that the reader folded (true) or unfolded (false). */
  folded: new Map(),
  /** The keys of long lists and folded contents that the reader has opened. */
  unrolled: new Set(),
  dialog: null,
  messages: [],
};

let draw = () => {};

/** @param render called after a change of the state, at most once per frame */
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

/** The view that the address names; without a view, the map if the stack has resources for it. */
export const shownView = ({ route }) => route.view ?? (drawable(details(route.stack).resources ?? []) ? 'map' : 'resources');

let messageId = 0;

/** Shows a message for some seconds. */
export function say(text, tone = 'good') {
  const message = { id: ++messageId, text, tone };
  change(s => s.messages.push(message));
  setTimeout(() => unsay(message.id), tone === 'bad' ? 12000 : 6000);
}

export function unsay(id) {
  change(s => { s.messages = s.messages.filter(message => message.id !== id); });
}

/**
 * @param news an event of the stream, or null: any data may have changed
 * @param fresh whether the connection is new: another operator may number its events differently, so that old events are dropped
 * @return Promise of whether the operator answered
 */
export async function take(news, fresh) {
  if (news) serverTime(news.at);
  if (fresh) state.details.forEach(one => { one.events = []; });
  // Without a stack, the page shows the operator itself, and the stream does not report its changes.
  const heartbeat = news?.changed.length === 0 && news.stacks.length > 0 && state.stacks?.length === news.stacks.length;
  if (heartbeat) readInstallation();
  else if (!await read(news?.changed ?? null)) return false;
  change(s => { s.answeredAt = Date.now(); });
  return true;
}

/** A heartbeat also updates the delay of change events. */
/** Reads the data that can change while no stack changes. */
const readInstallation = () => Promise.all([get('operator'), get('alerts')])
  .then(([operator, alerts]) => change(s => Object.assign(s, { operator, alerts: alerts.items })), () => {});

let reading = Promise.resolve(true);
let wanted = null;

/** Runs reads in sequence and merges the requests of the meantime into one read. @param changed names of stacks, or null: all */
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

/** The reader wants to enter the token now. */
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

/** The drift reports for the overview, which names the authors of drift. */
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

/** Reads the open stack again, after an action of the reader or a change of the view. */
export const refresh = () => read([state.route.stack].filter(Boolean));

/** The number of history entries between the open resource and the view in which the reader opened it. */
const depth = () => history.state?.depth ?? 0;

let depthBefore = depth();

addEventListener('hashchange', () => {
  const before = state.route;
  const route = parse(location.hash);
  const same = before.stack === route.stack && before.view === route.view;
  // An entry that Back or Forward reaches already has its number.
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

/** Goes back to the view in which the reader opened the resource; if the address opened it, shows the view instead. */
export function leaveResource() {
  const { stack: name, view, filter } = state.route;
  if (depth() > 0) history.go(-depth());
  else location.replace(to(name, view, null, filter));
}

/** @param how the changed members of the filter @param typed whether the reader types: a letter must not add a history entry */
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
