// The confirmation of an approval: a summary of its effects, then every step under its cause.
import { html, nothing } from '../lit.js';
import { fields, fold, long } from './parts.js';
import { sign } from './plan.js';
import { count } from '../format.js';
import { causes } from '../steps.js';
import { approve, close } from '../actions.js';

/** If more steps than this replace or delete resources, the reader has to type the stack's name. */
export const TYPED_ABOVE = 10;

const DONE = { Replace: 'replaced', Delete: 'deleted', Create: 'created', Update: 'updated', Adopt: 'adopted', Forget: 'forgotten' };

/** The effects of a replacement on clients outside of the stack. */
const OUTSIDE = {
  LoadBalancer: n => (n === 1 ? 'the load balancer gets another name' : `${n} load balancers get other names`),
  ElasticIp: n => (n === 1 ? 'the public address changes' : `${n} public addresses change`),
  TargetGroup: n => `${n === 1 ? 'the target group has' : `${n} target groups have`} no healthy target for a while`,
};

const kindOf = step => step.resource.split('/')[0];
export const destructive = steps => steps.filter(step => step.action === 'Replace' || step.action === 'Delete');

/** Destructive steps come first. */
const worstFirst = steps => [...destructive(steps), ...steps.filter(step => !destructive([step]).length)];

/** @return String such as "42 replaced, 13 deleted; the load balancer gets another name" */
export function consequences(steps) {
  const number = (action, kind) => steps.filter(step => step.action === action && (!kind || kindOf(step) === kind)).length;
  const numbers = Object.keys(DONE).filter(action => number(action)).map(action => `${number(action)} ${DONE[action]}`);
  const outside = Object.keys(OUTSIDE).filter(kind => number('Replace', kind)).map(kind => OUTSIDE[kind](number('Replace', kind)));
  return [numbers.join(', '), ...outside].join('; ');
}

const shown = (step, group) => html`<li>${sign(step.action)} <strong>${step.action} ${step.resource}</strong>
  ${step.physicalId ? html`<code class="muted">${step.physicalId}</code>` : nothing}
  ${group.message === null && step.verdict.message ? html`<p>${step.verdict.message}</p>` : nothing}
  ${step.changes.length ? fold(`approve ${step.hash}`, count(step.changes.length, 'field'), () => fields(step.changes)) : nothing}
</li>`;

const submitting = (stack, steps) => event => {
  event.preventDefault();
  close();
  approve(stack, steps);
};

/** The focus is on the heading: Enter alone approves nothing. */
export function approval(asked, title, cancel) {
  const { stack, steps } = asked;
  const destroys = destructive(steps).length;
  return html`<form class="approval" @submit=${submitting(stack, steps)}>
    <header>${title(`Approve ${steps.length === 1 ? 'this step' : count(steps.length, 'step')} of ${stack}?`)}
      <p id="dialog-summary" class=${destroys ? 'danger' : ''}>${consequences(steps)}.</p></header>
    ${causes(steps).map(group => html`<section><h3>${group.title} <span class="muted">${group.steps.length}</span></h3>
      ${group.message ? html`<p class="muted">${group.message}</p>` : nothing}
      <ul class="steps">${long(`approve ${group.title}`, worstFirst(group.steps)).map(step => shown(step, group))}</ul>${long.rest(`approve ${group.title}`, group.steps)}</section>`)}
    <footer>
      ${destroys > TYPED_ABOVE ? html`<label>${destroys} steps replace or delete resources. To continue, type the stack’s name, ${stack}.
        <input name="stack" required pattern=${stack} title=${`the stack’s name: ${stack}`} autocomplete="off" autocapitalize="off"
          spellcheck="false"></label>` : nothing}
      <p class="muted">The approval is valid once, for exactly ${steps.length === 1 ? 'this step' : 'these steps'}. If the plan changes, its held steps need a new approval.</p>
      <p class="actions">${cancel}<button class=${destroys ? 'danger' : 'primary'}>Approve</button></p></footer></form>`;
}

/** The confirmation that access is withdrawn although a resource may still use it. */
export function withdrawal({ stack, steps }, title, cancel) {
  const [step] = steps;
  return html`<form class="approval" @submit=${submitting(stack, steps)}>
    <header>${title(`Withdraw former access of ${step.resource} now?`)}
      <p id="dialog-summary" class="danger">${step.verdict.on} may still use this access.</p></header>
    <section>${fields(step.changes)}</section>
    <footer>
      <p class="muted">Without an approval, Holdfast withdraws the access as soon as every resource that may use it is Synced and Ready.</p>
      <p class="actions">${cancel}<button class="danger">Withdraw now</button></p></footer></form>`;
}
