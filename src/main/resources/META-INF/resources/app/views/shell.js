// The frame of the page: the name, the stacks, the age of the shown data.
import { html, nothing, repeat } from '../lit.js';
import { icon, statusIcon } from '../icons.js';
import { ago, badge, empty, notice } from './parts.js';
import { count, duration, rank, short, tone, words } from '../format.js';
import { to } from '../route.js';
import { unlock, unsay } from '../store.js';
import { signOut } from '../actions.js';
import { bar } from './stack.js';
import { cardNeeds } from './attention.js';

const CONNECTIONS = {
  connecting: ['dim', 'Connecting…'],
  live: ['good', 'Live'],
  polling: ['warn', 'Polling every 5 s'],
  lost: ['bad', 'Connection lost'],
};

export function top(state) {
  const [colour, text] = CONNECTIONS[state.connection];
  return html`<header class="top">
    <a class="brand" href="#/">${icon('anchor')}<h1>Holdfast</h1></a>
    ${state.stacks?.length ? html`<nav aria-label="Stacks"><ul>${repeat(state.stacks, one => one.name, one => html`<li>
      <a href=${to(one.name, state.route.view)} aria-current=${one.name === state.route.stack ? 'page' : 'false'}
        ><span class="dot ${tone(one.status)}">${statusIcon(one.status)}</span>${one.name}<span
        class="hidden">, ${words(one.status)}</span></a></li>`)}</ul></nav>` : html`<span class="grow"></span>`}
    ${state.operator?.you.signOut ? html`<p class="who">${state.operator.you.name} ${leaving(state.operator.you.signOut)}</p>` : nothing}
    <p class="connection ${colour}" role="status"><span class="lamp"></span>${text}</p>
  </header>`;
}

const leaving = path => html`<button type="button" @click=${() => signOut(path)}>Sign out</button>`;

export const foot = ({ operator }) => (operator ? html`<footer class="foot"><span>Holdfast ${operator.version}</span>
  <span>Change events: ${operator.events}</span></footer>` : nothing);

export function lost(state) {
  if (state.locked) {
    return html`<div role="alert">${notice('warn', 'You have no access to this operator.', html`${state.locked}.
      <button type="button" @click=${unlock}>Try again…</button> ${state.lockedSignOut ? leaving(state.lockedSignOut) : nothing}`)}</div>`;
  }
  if (state.connection !== 'lost') return nothing;
  return html`<div role="alert">${notice('bad', 'Connection lost.', state.answeredAt
    ? html`This view is from ${ago(new Date(state.answeredAt).toISOString())} and may be outdated. Retrying every 5 s.`
    : 'The operator does not answer. Retrying every 5 s.')}</div>`;
}

/** The open alerts that concern no single stack, on each view. */
export const ofInstallation = state => state.alerts.filter(alert => alert.stack === null).map(alert => html`<div role="alert">
  ${notice(alert.severity === 'Critical' ? 'bad' : 'warn', `${words(alert.reason)}.`, html`${alert.message}
    <span class="muted">${ago(alert.since)}</span>`)}</div>`);

export const messages = state => html`<div class="messages" role="status" aria-live="polite">
  ${repeat(state.messages, one => one.id, one => html`<p class=${one.tone}><span>${one.text}</span>
    <button type="button" class="bare" aria-label="Dismiss" @click=${() => unsay(one.id)}>${icon('close')}</button></p>`)}
</div>`;

/** The page without a stack chosen. */
export function overview(state) {
  if (state.stacks === null && state.locked) return nothing;
  if (state.stacks === null) return empty('Reading the stacks…');
  if (state.stacks.length === 0) return nothingYet(state);
  const worstFirst = [...state.stacks].sort((a, b) => rank(a.status) - rank(b.status) || a.name.localeCompare(b.name));
  return html`<h2>Stacks</h2><ul class="cards">${repeat(worstFirst, one => one.name, one => card(one, state))}</ul>`;
}

const nothingYet = ({ operator }) => {
  if (operator.sourceFailure) return notice('bad', 'The desired state cannot be read.', operator.sourceFailure);
  if (!operator.started) return empty('Reading the desired state…');
  return empty('No stack yet', html`A stack appears here once its desired state is published:
      <code>./holdfast publish desired-state --stack dev --to s3://…</code>`);
};

const total = one => Object.values(one.counts).reduce((sum, n) => sum + n, 0);

const card = (one, state) => html`<li>
  <span class="row"><strong><a class="whole-card" href=${to(one.name)}>${one.name}</a></strong>${badge(one.status)}</span>
  ${cardNeeds(one, state)}
  ${bar(one.counts)}
  <span class="muted">${count(total(one), 'resource')}, ${one.region ?? 'no region'}, revision ${short(one.revision)}</span>
  <span class="muted">${one.lastPass ? html`pass ${ago(one.lastPass.startedAt)}, ${duration(one.lastPass.durationMs)},
    ${count(one.lastPass.writes, 'write')}` : 'no pass yet'}</span></li>`;

export const unknownStack = name => empty(`There is no stack ${name}`, html`<a href="#/">All stacks</a>`);
