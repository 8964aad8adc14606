// What the engine would do next, what holds it up, and the word that lets it go.
import { html, nothing, repeat } from '../lit.js';
import { ago, badge, empty, fields, notice, resourceLink } from './parts.js';
import { count, words } from '../format.js';
import { details } from '../store.js';
import { open } from '../actions.js';
import { waiting, waitingWords } from '../held.js';

export const SIGNS = { Create: '+', Update: '~', Replace: '±', Restart: '↻', Delete: '−', Adopt: '↳', Forget: '⌫', NoOp: '·' };

export function plan(stack, state) {
  const current = details(stack.name).plan;
  if (!current) return empty('Reading the plan…');
  if (current.steps.length === 0) {
    return stack.lastPass ? notice('good', 'The plan is empty: what is observed is what is desired.') : empty('Nothing is planned yet');
  }
  const held = current.steps.filter(one => one.approvable);
  const rest = current.steps.filter(one => !one.approvable);
  return html`
    <p class="lead">${summary(current.steps)}${waiting(stack) ? ` ${waitingWords(stack)}.` : ''}</p>
    ${held.length ? html`<section class="held" aria-labelledby="held"><header><h3 id="held">${count(held.length, 'step')} to approve</h3>
      ${held.length > 1 ? html`<button type="button" class="primary" @click=${() => open({ type: 'approve', stack: stack.name, steps: held })}>
        Approve all ${held.length}…</button>` : nothing}</header>
      ${repeat(held, one => one.hash, one => step(one, stack, state))}</section>` : nothing}
    ${rest.length ? html`${held.length ? html`<h3>The other steps</h3>` : nothing}
      ${repeat(rest, one => one.hash + one.resource, one => step(one, stack, state))}` : nothing}`;
}

function summary(steps) {
  const actions = Object.keys(SIGNS).map(action => [action, steps.filter(one => one.action === action).length]);
  return actions.filter(([, n]) => n).map(([action, n]) => `${n} to ${words(action).toLowerCase()}`).join(', ') + '.';
}

export const sign = action => html`<span class="sign ${action}" aria-hidden="true">${SIGNS[action]}</span>`;

const step = (one, stack, state) => html`<article class="entry">
  <header>${sign(one.action)}<h4><span class="action">${one.action}</span> ${resourceLink(state.route, one.resource)}</h4>
    ${verdict(one.verdict, state)}
    ${one.approvable ? html`<button type="button" class="approve" @click=${() => open({ type: 'approve', stack: stack.name, steps: [one] })}>
      Approve…<span class="hidden"> ${one.action} ${one.resource}</span></button>` : nothing}</header>
  ${one.verdict.message ? html`<p>${one.verdict.message}</p>` : nothing}
  ${(one.warnings ?? []).map(warning => html`<p>${badge('Warning')} ${warning}</p>`)}
  <p class="muted">${[one.reason && words(one.reason), one.rollout && 'starts a rollout'].filter(Boolean).join(' · ')}
    ${one.physicalId ? html`<code>${one.physicalId}</code>` : nothing}${one.approvable
      ? html`<span class="hash">step <code>${one.hash}</code></span>` : nothing}</p>
  ${one.changes.length ? html`<details><summary>${count(one.changes.length, 'field')}</summary>${fields(one.changes)}</details>` : nothing}
</article>`;

function verdict(said, state) {
  switch (said.type) {
    case 'Held': return badge('Held', words(said.reason));
    case 'Blocked': return html`${badge('Blocked', words(said.reason))}<p class="muted">on ${resourceLink(state.route, said.on)}</p>`;
    case 'Follows': return html`${badge('Follows')}<p class="muted">the replacement of ${resourceLink(state.route, said.on)}</p>`;
    case 'Later': return html`${badge('Later', words(said.reason))}<p class="muted">again ${ago(said.at)}</p>`;
    default: return badge('Go', 'goes in the next pass');
  }
}
