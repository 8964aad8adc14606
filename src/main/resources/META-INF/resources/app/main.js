// Renders the page from the state.
import { html, nothing, render } from './lit.js';
import { to } from './route.js';
import { change, leaveResource, onChange, shownView, stack, state, take } from './store.js';
import { watch } from './stream.js';
import { onTokenWanted } from './api.js';
import { tokenFromReader } from './actions.js';
import { foot, lost, messages, ofInstallation, overview, top, unknownStack } from './views/shell.js';
import { facts, head, pauses, views } from './views/stack.js';
import { needs } from './views/attention.js';
import { map } from './views/map.js';
import { resources } from './views/resources.js';
import { drift } from './views/drift.js';
import { plan } from './views/plan.js';
import { graph } from './views/graph.js';
import { events } from './views/events.js';
import { revision } from './views/revision.js';
import { detail } from './views/detail.js';
import { dialog, left } from './views/dialogs.js';

const VIEWS = { map, resources, drift, plan, graph, events, revision };
const root = document.getElementById('page');

/** The topmost layer, which shows the messages, because a reader cannot reach the layers under a dialog. */
const layer = () => (state.dialog ? 'modal' : opened() ? 'drawer' : 'page');
const opened = () => state.route.resource !== null && stack(state.route.stack) !== null;
const told = where => messages(layer() === where ? state : { messages: [] });

function page() {
  const open = state.route.stack && stack(state.route.stack);
  return html`<a class="skip" href="#content" @click=${skip}>Skip to the content</a>${top(state)}
    <main id="content" tabindex="-1" aria-busy=${state.stacks === null ? 'true' : 'false'} class=${state.connection === 'lost' ? 'stale' : ''}>
      ${lost(state)}${ofInstallation(state)}${!state.route.stack || state.stacks === null ? overview(state) : open ? whole(open) : unknownStack(state.route.stack)}</main>
    ${foot(state)}
    <dialog id="drawer" aria-labelledby="detail-title" @close=${event => closed(event, leaveResource)} @click=${outside}>
      <div class="sheet">${open && opened() ? detail(open, state, leaveResource) : nothing}</div>${told('drawer')}</dialog>
    <dialog id="modal" aria-labelledby="dialog-title" @close=${event => closed(event, () => left(state.dialog))} @click=${outside}>
      <div class="sheet">${dialog(state.dialog)}</div>${told('modal')}</dialog>
    ${told('page')}`;
}

/** Moves the focus by script, because the fragment of the address names a view. */
function skip(event) {
  event.preventDefault();
  const main = document.getElementById('content');
  main.focus();
  main.scrollIntoView();
}

const whole = open => html`${head(open)}${needs(open, state)}${pauses(open)}${facts(open, state)}${views(open, shownView(state))}
  <section class="view" aria-label=${shownView(state)}>${VIEWS[shownView(state)](open, state)}</section>`;

const outside = event => { if (event.target === event.currentTarget) event.target.close(); };

/** Dialogs that the page itself closed. Their close event arrives later, when the next dialog may be open already. */
const closing = new WeakSet();

function closed(event, byReader) {
  if (!closing.delete(event.target)) byReader();
}

/** Opens or closes a dialog of the browser, which keeps the focus, closes on Escape, and returns the focus. */
function show(id, wanted) {
  const element = document.getElementById(id);
  if (wanted && !element.open) element.showModal();
  if (!wanted && element.open) {
    closing.add(element);
    element.close();
  }
}

function title() {
  const open = state.route.stack && stack(state.route.stack);
  const { resource } = state.route;
  return open ? `${open.name}: ${open.status} · ${resource ?? shownView(state)} · Holdfast` : 'Holdfast';
}

onChange(() => {
  if (state.stacks?.length === 1 && !state.route.stack) location.replace(to(state.stacks[0].name));
  render(page(), root);
  show('drawer', opened());
  show('modal', state.dialog !== null);
  document.title = title();
  reveal();
});

let revealed = null;

addEventListener('resize', () => {
  revealed = null;
  reveal();
});

/** Scrolls the line of views, which is wider than a phone, so that the shown view is visible. */
function reveal() {
  const current = document.querySelector('.views [aria-current=page]');
  if (!current || current.href === revealed) return;
  revealed = current.href;
  const line = current.closest('.views');
  const { left, right } = current.getBoundingClientRect();
  const frame = line.getBoundingClientRect();
  if (left < frame.left) line.scrollLeft += left - frame.left;
  if (right > frame.right) line.scrollLeft += right - frame.right;
}

addEventListener('keydown', event => {
  if (event.key !== '/' || event.target.closest?.('input, select, textarea, dialog')) return;
  const filter = document.getElementById('filter');
  if (filter) {
    event.preventDefault();
    filter.focus();
  }
});

root.replaceChildren();
onTokenWanted(tokenFromReader);
watch(take, connection => change(s => { s.connection = connection; }));
change(() => {});
