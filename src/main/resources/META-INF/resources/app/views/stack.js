// The header of a stack: its status, its actions, the figures of its last pass, and the links to its views.
import { html, nothing, svg } from '../lit.js';
import { ago, badge, notice, toggle } from './parts.js';
import { STATUSES, duration, short, time, tone } from '../format.js';
import { to } from '../route.js';
import { details, filterBy } from '../store.js';
import { now } from '../ago.js';
import { open, reconcile, resume } from '../actions.js';
import { waiting } from '../held.js';
import { openDrift } from '../attention.js';

export const activePauses = stack =>
  Object.entries(stack.pauses ?? {}).filter(([, pause]) => Date.parse(pause.until) > now());

export function head(stack) {
  const paused = activePauses(stack).find(([what]) => what === '*');
  return html`<div class="head">
    <div class="title"><h2>${stack.name}</h2>${badge(stack.status)}${stack.counts.Orphaned
    ? html` <span class="muted">${stack.counts.Orphaned} orphaned</span>` : nothing}
      <p class="muted">${[stack.account, stack.region, stack.mode && `mode ${stack.mode}`].filter(Boolean).join(' · ')}</p></div>
    <div class="actions">
      <button type="button" @click=${() => reconcile(stack.name)}>Reconcile now</button>
      ${paused ? html`<button type="button" @click=${() => resume(stack.name, null)}>Resume stack</button>`
        : html`<button type="button" @click=${() => open({ type: 'pause', stack: stack.name, resource: null })}>Pause stack…</button>`}
    </div></div>`;
}

/** The active pauses, each with a button that ends it. */
export const pauses = stack => activePauses(stack).map(([what, pause]) => notice('warn',
  what === '*' ? 'The stack is paused:' : `${what} is paused:`,
  html`${pause.reason} <span class="muted">until ${time(pause.until)}, ${ago(pause.until)}; drift is still observed</span>`,
  html`<button type="button" @click=${() => resume(stack.name, what === '*' ? null : what)}>Resume${
    what === '*' ? nothing : html`<span class="hidden"> ${what}</span>`}</button>`, 'pause'));

/** The shares of the statuses as one coloured line; the numbers are next to the line. */
export function bar(counts) {
  const present = STATUSES.filter(status => counts[status]);
  const sum = present.reduce((all, status) => all + counts[status], 0);
  let x = 0;
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${present.map((status, i) => {
    const width = counts[status] / sum * 100;
    x += width;
    return svg`<rect class=${tone(status)} x=${x - width} width=${i < present.length - 1 ? Math.max(width - .25, .2) : width} height="1"></rect>`;
  })}</svg>`;
}

export function facts(stack, state) {
  const pass = stack.lastPass;
  return html`
    ${bar(stack.counts)}
    <div class="counts" role="group" aria-label="Show only resources that are">${STATUSES.filter(status => stack.counts[status]).map(status =>
      toggle(state.route.filter.statuses.has(status), html`${badge(status)}<strong>${stack.counts[status].toLocaleString()}</strong>`, () => only(status, state.route)))}</div>
    <dl class="facts">
      <div><dt>Last pass</dt><dd>${pass ? ago(pass.startedAt) : 'none yet'}</dd></div>
      <div><dt>Took</dt><dd>${pass ? duration(pass.durationMs) : '–'}</dd></div>
      <div><dt>Writes</dt><dd>${pass?.writes ?? '–'}</dd></div>
      <div><dt>Requests</dt><dd>${pass ? requests(stack, pass) : '–'}</dd></div>
      <div><dt>Last good pass</dt><dd>${ago(stack.lastGoodPassAt)}</dd></div>
      <div><dt>Next pass</dt><dd>${Date.parse(stack.nextLookAt) > now() ? ago(stack.nextLookAt) : 'now'}</dd></div>
      <div><dt>Revision</dt><dd><a href=${to(stack.name, 'revision')}><code>${short(stack.revision)}</code></a></dd></div>
      ${stack.published ? html`<div><dt>Published</dt><dd>${publication(stack.published)}</dd></div>` : nothing}
      ${stack.guardrails ? html`<div><dt>Guardrails</dt><dd>${stack.guardrails}</dd></div>` : nothing}
    </dl>`;
}

const publication = by => html`by ${by.author || 'an unknown author'} ${ago(by.time)}, ${by.signedBy ? `signed by ${by.signedBy}` : 'no known signature'}`;

const requests = (stack, pass) => html`<button type="button" class="link"
  @click=${() => open({ type: 'requests', stack: stack.name, pass })}>${pass.requests.total}<span
  class="hidden"> requests of the last pass, by operation</span></button>`;

function only(status, route) {
  const statuses = new Set(route.filter.statuses);
  if (!statuses.delete(status)) statuses.add(status);
  location.hash = to(route.stack, 'resources', null, { ...route.filter, statuses });
}

export function views(stack, view) {
  const numbers = {
    drift: openDrift(details(stack.name)).length,
    plan: waiting(stack),
    revision: stack.revisionErrors.length,
  };
  const names = { map: 'Map', resources: 'Resources', drift: 'Drift', plan: 'Plan', graph: 'Graph', events: 'Events', revision: 'Revision' };
  return html`<nav class="views" aria-label="Views of ${stack.name}"><ul>${Object.entries(names).map(([one, name]) => html`<li>
    <a href=${to(stack.name, one)} aria-current=${one === view ? 'page' : 'false'}>${name}${numbers[one]
      ? html` <span class="number">${numbers[one].toLocaleString()}</span>` : nothing}</a></li>`)}</ul></nav>`;
}
