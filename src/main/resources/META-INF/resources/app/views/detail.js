// All details of one resource.
import { html, nothing } from '../lit.js';
import { icon } from '../icons.js';
import { ago, badge, empty, fields, resourceLink } from './parts.js';
import { at, count, ready, since, short, words } from '../format.js';
import { details } from '../store.js';
import { dependents, id } from '../tree.js';
import { open, resume, retry } from '../actions.js';
import { activePauses } from './stack.js';
import { timeline } from './events.js';
import { approving, sign } from './plan.js';
import { split } from '../route.js';
import { endings } from '../orphans.js';

const EVENTS = 12;

export function detail(stack, state, close) {
  const name = state.route.resource;
  const known = details(stack.name);
  const resource = known.resources?.find(one => id(one) === name);
  const parts = (known.resources ?? []).filter(one => one.metadata.owner === name);
  const [kind, rest] = split(name);
  return html`<header class="bar-top">
      <h2 id="detail-title" tabindex="-1"><span class="kind">${kind}</span>${rest}</h2>
      <button type="button" class="bare" aria-label="Close" @click=${close}>${icon('close')}</button></header>
    ${!known.resources ? empty('Reading…') : !resource && !parts.length
      ? empty('There is no such resource', 'This stack neither desires nor owns a resource with this name.') : html`${resource ? body(resource, parts.length > 0, stack, state) : nothing}${made(parts, state)}`}`;
}

function body(resource, composite, stack, state) {
  const name = id(resource);
  const { status } = resource;
  const known = details(stack.name);
  const health = ready(resource);
  const steps = (known.plan?.steps ?? []).filter(one => one.resource === name);
  const happened = (known.events ?? []).filter(event => event.resource === name).slice(-EVENTS).reverse();
  return html`
    <div class="row wrap">${badge(status.status)}${health ? badge(health.status, health.status === 'True' ? 'Ready'
      : `${health.status === 'False' ? 'Not ready' : 'Health unknown'}: ${words(health.reason)}`) : nothing}
      <span class="muted">since ${ago(since(resource))}</span><span class="grow"></span>${composite ? nothing : buttons(name, status, stack)}</div>
    ${status.reason || status.message ? html`<p class="why large"><strong>${words(status.reason ?? '')}</strong> ${status.message}</p>` : nothing}
    ${known.resources && status.status === 'Orphaned' && !composite ? ending(resource, stack) : nothing}
    ${told(status)}
    ${facts(resource, composite, stack, state)}
    ${steps.length ? planned(steps, stack) : nothing}
    ${status.drift.length ? section('Differences', fields(status.drift)) : nothing}
    ${section('Conditions', conditions(status.conditions))}
    ${pairs('Outputs', status.outputs)}
    ${resource.spec ? section('Desired', html`<pre class="spec" tabindex="0" role="region"
      aria-label="Spec as JSON">${JSON.stringify(resource.spec, null, 2)}</pre>`) : nothing}
    ${happened.length ? section('Events', timeline(happened, state)) : nothing}`;
}

/** The parts of a composite. */
const made = (parts, state) => (parts.length === 0 ? nothing : section(count(parts.length, 'part'), html`<ul class="parts">${parts.map(part =>
  html`<li>${badge(part.status.status)} ${resourceLink(state.route, id(part))}</li>`)}</ul>`));

function buttons(name, status, stack) {
  const paused = activePauses(stack).some(([what]) => what === name);
  return html`${status.retryable ? html`<button type="button" @click=${() => retry(stack.name, name)}>Retry</button>` : nothing}
    ${paused ? html`<button type="button" @click=${() => resume(stack.name, name)}>Resume</button>`
      : html`<button type="button" @click=${() => open({ type: 'pause', stack: stack.name, resource: name })}>Pause…</button>`}`;
}

/** The facts that the kind reports, and links to AWS's console. */
function told(status) {
  const entries = Object.entries(status.facts ?? {});
  const links = status.console ?? [];
  if (entries.length === 0 && links.length === 0) return nothing;
  return html`<section class="told" aria-label="Facts">${entries.length ? html`<dl class="pairs">${entries.map(([label, value]) =>
    fact(label, value))}</dl>` : nothing}
    ${links.length ? html`<p class="outside">${links.map(link => html`<a href=${link.url} target="_blank" rel="noreferrer">${link.name}<span
      class="hidden">, in a new tab</span> <span aria-hidden="true">↗</span></a>`)}</p>` : nothing}</section>`;
}

/** Only a person can end the retention of a resource. */
const ending = (resource, stack) => section('Ways to end the retention', html`<ul class="endings">${endings(resource, stack).map((way, i) => html`<li>
  <details ?open=${i === 0}><summary>${way.title}</summary>
    <ol>${way.text.map(step => html`<li>${step}</li>`)}</ol>
    ${way.document ? html`<pre class="spec" tabindex="0" role="region" aria-label="Its document">${way.document}</pre>` : nothing}
    ${way.commands.length ? html`<pre class="spec" tabindex="0" role="region" aria-label="Commands">${way.commands.join('\n')}</pre>` : nothing}
  </details></li>`)}</ul>`);

const section = (title, content) => html`<section><h3>${title}</h3>${content}</section>`;

function facts(resource, composite, stack, state) {
  const { status, metadata } = resource;
  const needed = dependents(details(stack.name).resources, id(resource));
  const facets = Object.entries(status.observedAtByFacet);
  return html`<dl class="pairs">
    ${composite ? nothing : fact('In AWS', status.physicalId ? html`<code class="whole">${status.physicalId}</code>` : html`<span class="muted">does not exist</span>`)}
    ${fact('Region', status.region && status.region !== stack.region ? status.region : null)}
    ${fact('Part of', metadata.owner ? resourceLink(state.route, metadata.owner) : null)}
    ${fact('Observed', ago(status.observedAt))}
    ${facets.map(([facet, when]) => fact(html`<code>${facet}</code> read`, ago(when)))}
    ${composite ? nothing : fact('Last change', status.lastChange ? html`${status.lastChange.action} ${ago(status.lastChange.at)},
      revision <code>${short(status.lastChange.revision)}</code>` : html`<span class="muted">none recorded</span>`)}
    ${fact('Next retry', status.retryAt ? ago(status.retryAt) : null)}
    ${fact('Waits for the maintenance window', status.pendingUntil ? html`${status.pending.join(', ')} until ${at(status.pendingUntil)}` : null)}
    ${fact('End of support or validity', status.support ? html`${status.support.of}: ${at(status.support.at)}` : null)}
    ${fact('Depends on', links(status.dependsOn, state))}
    ${fact('Needed by', links(needed, state))}</dl>`;
}

const fact = (name, content) => (content === null || content === undefined ? nothing
  : html`<div><dt>${name}</dt><dd>${content}</dd></div>`);

const links = (resources, state) => (resources.length === 0 ? null
  : html`<ul class="inline">${resources.map(one => html`<li>${resourceLink(state.route, one)}</li>`)}</ul>`);

/** A resource has a second step if its update withdraws access, or if a part of the update needs an approval. */
const planned = (steps, stack) => section('Planned', html`${steps.map(step => html`<div class="row wrap">${sign(step.action)}<span>${step.action}</span>
  ${badge(step.verdict.type, step.verdict.reason ? words(step.verdict.reason) : undefined)}
  <span class="muted">${count(step.changes.length, 'field')}</span><span class="grow"></span>
  ${approving(step, stack, 'primary')}</div>`)}`);

const conditions = list => html`<ul class="conditions">${list.map(one => html`<li>
  <span class="row wrap">${badge(one.type === 'Ready' ? one.status : one.type, one.type === 'Ready' ? `Ready: ${one.status}` : one.type)}
    <span>${words(one.reason)}</span><span class="muted" title=${at(one.since)}>since ${ago(one.since)}</span></span>
  ${one.message ? html`<p class="muted">${one.message}</p>` : nothing}</li>`)}</ul>`;

function pairs(title, map) {
  const entries = Object.entries(map);
  return entries.length === 0 ? nothing : section(title, html`<dl class="pairs">${entries.map(([name, value]) =>
    fact(html`<code>${name}</code>`, html`<code class="whole">${typeof value === 'string' ? value : JSON.stringify(value)}</code>`))}</dl>`);
}
