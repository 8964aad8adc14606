// The next steps of the engine, the reasons that hold them, and the buttons that approve them.
import { html, nothing, repeat } from '../lit.js';
import { icon } from '../icons.js';
import { ago, badge, empty, fields, fold, long, notice, resourceLink } from './parts.js';
import { count, tone, words } from '../format.js';
import { id } from '../tree.js';
import { byComposite, causes, mostUrgentFirst, withdraws } from '../steps.js';
import { to } from '../route.js';
import { change, details, state } from '../store.js';
import { open } from '../actions.js';
import { waiting, waitingWords } from '../held.js';

export const SIGNS = { Create: '+', Update: '~', Replace: '±', Restart: '↻', Delete: '−', Adopt: '↳', Forget: '⌫', NoOp: '·' };

export function plan(stack) {
  const current = details(stack.name).plan;
  if (!current) return empty('Reading the plan…');
  if (current.steps.length === 0) {
    return stack.lastPass ? nothingPlanned(stack) : empty('There is no plan yet');
  }
  const owners = new Map((details(stack.name).resources ?? []).map(one => [id(one), one.metadata.owner]));
  const held = current.steps.filter(one => one.approvable);
  const small = current.steps.length <= CALM;
  return html`
    <div class="row wrap lead"><p>${summary(current.steps)}${waiting(stack) ? ` ${waitingWords(stack)}.` : ''}</p>
      <span class="grow"></span>${held.length > 1 ? html`<button type="button" class="primary" @click=${() => ask(stack, held)}>
        Approve all ${held.length.toLocaleString()}…</button>` : nothing}</div>
    ${repeat(mostUrgentFirst(causes(current.steps)), group => group.title, (group, i) => cause(group, small || i === 0, small, owners, stack))}`;
}

/** A stalled or unreadable resource has no step, although it may differ from the desired state. */
function nothingPlanned(stack) {
  const others = Object.entries(stack.counts).filter(([status, n]) => n && status !== 'Synced' && status !== 'Orphaned');
  return others.length === 0 ? notice('good', 'The plan is empty: the observed state is the desired state.')
    : notice('warn', 'No step is planned now.', html`Resources that are not Synced: ${others.map(([status, n], i) => html`${i ? ', ' : ''}<a
      href=${to(stack.name, 'resources', null, { statuses: new Set([status]) })}>${n.toLocaleString()} ${words(status).toLowerCase()}</a>`)}.`);
}

/** A plan of more steps is folded at first. */
const CALM = 40;

const ask = (stack, steps) => open({ type: 'approve', stack: stack.name, steps });

function folding(key, atFirst) {
  const closed = state.folded.get(key) ?? !atFirst;
  return { closed, button: name => html`<button type="button" class="fold" aria-expanded=${closed ? 'false' : 'true'} aria-label=${name}
    @click=${() => change(s => s.folded.set(key, !closed))}>${icon('chevron')}</button>` };
}

function cause(group, open, small, owners, stack) {
  const approvable = group.steps.filter(one => one.approvable);
  const { closed, button } = folding(`plan ${stack.name} ${group.title}`, open);
  return html`<section class="cause ${tone(group.type)}" aria-label=${group.title}><header class="row wrap">
      ${button(`${group.title}, ${count(group.steps.length, 'step')}`)}<h3>${badge(group.type, group.title)}</h3>
      <span class="number">${group.steps.length.toLocaleString()}</span><span class="muted">${summary(group.steps)}</span>
      <span class="grow"></span>${several(approvable, group.title, stack)}</header>
    ${group.message ? html`<p class="muted">${group.message}</p>` : nothing}
    ${closed ? nothing : byComposite(group.steps, owners).map(part => composite(part, group, small, stack))}</section>`;
}

function composite(part, group, small, stack) {
  const name = part.owner ?? 'Without a composite';
  const { closed, button } = folding(`plan ${stack.name} ${group.title} ${name}`, small);
  const key = `plan ${stack.name} ${group.title} ${name} all`;
  return html`<div class="composite"><div class="row wrap">${button(`${name}, ${count(part.steps.length, 'step')}`)}
      <h4>${part.owner ? resourceLink(state.route, part.owner) : name}</h4><span class="number">${part.steps.length}</span>
      <span class="muted">${summary(part.steps)}</span><span class="grow"></span>${several(part.steps.filter(one => one.approvable), name, stack)}</div>
    ${closed ? nothing : html`${repeat(long(key, part.steps), one => one.hash + one.resource, one => step(one, group, stack))}
      ${long.rest(key, part.steps)}`}</div>`;
}

/** A single step has a button of its own. */
const several = (steps, name, stack) => (steps.length < 2 ? nothing : html`<button type="button" @click=${() => ask(stack, steps)}>
  Approve these ${steps.length.toLocaleString()}…<span class="hidden"> ${name}</span></button>`);

export function summary(steps) {
  const actions = Object.keys(SIGNS).map(action => [action, steps.filter(one => one.action === action).length]);
  return actions.filter(([, n]) => n).map(([action, n]) => `${n.toLocaleString()} to ${words(action).toLowerCase()}`).join(', ') + '.';
}

export const sign = action => html`<span class="sign ${action}" aria-hidden="true">${SIGNS[action]}</span>`;

/** The button that asks for the approval of the step. @return nothing if an approval has no effect now */
export function approving(one, stack, look) {
  if (!one.approvable && !withdraws(one)) return nothing;
  const [type, text] = withdraws(one) ? ['withdraw', 'Withdraw now…'] : ['approve', 'Approve…'];
  return html`<button type="button" class=${look} @click=${() => open({ type, stack: stack.name, steps: [one] })}>
    ${text}<span class="hidden"> ${one.action} ${one.resource}</span></button>`;
}

const step = (one, group, stack) => html`<article class="entry">
  <header>${sign(one.action)}<h5><span class="action">${one.action}</span> ${resourceLink(state.route, one.resource)}</h5>
    ${verdict(one.verdict)}
    ${approving(one, stack, 'approve')}</header>
  ${one.verdict.message && group.message === null ? html`<p>${one.verdict.message}</p>` : nothing}
  ${(one.warnings ?? []).map(warning => html`<p>${badge('Warning')} ${warning}</p>`)}
  <p class="muted">${[one.reason && words(one.reason), one.rollout && 'starts a rollout'].filter(Boolean).join(' · ')}
    ${one.physicalId ? html`<code>${one.physicalId}</code>` : nothing}${one.approvable || withdraws(one)
      ? html`<span class="hash">step <code>${one.hash}</code></span>` : nothing}</p>
  ${one.changes.length ? fold(`step ${one.hash}`, count(one.changes.length, 'field'), () => fields(one.changes)) : nothing}
</article>`;

function verdict(said) {
  switch (said.type) {
    case 'Held': return badge('Held', words(said.reason));
    case 'Blocked': return html`${badge('Blocked', words(said.reason))}<p class="muted">on ${resourceLink(state.route, said.on)}</p>`;
    case 'Follows': return html`${badge('Follows')}<p class="muted">the replacement of ${resourceLink(state.route, said.on)}</p>`;
    case 'Later': return html`${badge('Later', words(said.reason))}<p class="muted">again ${ago(said.at)}</p>`;
    default: return badge('Go', 'starts in the next pass');
  }
}
