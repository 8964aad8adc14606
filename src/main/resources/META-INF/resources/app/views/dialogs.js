// The dialogs, which the reader has to answer before any other action.
import { html, nothing } from '../lit.js';
import { approval, withdrawal } from './approval.js';
import { comparison } from './compare.js';
import { count } from '../format.js';
import { now } from '../ago.js';
import { close, pause } from '../actions.js';
import { change } from '../store.js';

export function dialog(asked) {
  if (!asked) return nothing;
  switch (asked.type) {
    case 'token': return token(asked);
    case 'pause': return pausing(asked);
    case 'approve': return approval(asked, title, cancel);
    case 'withdraw': return withdrawal(asked, title, cancel);
    case 'requests': return requests(asked);
    case 'compare': return comparison(asked, title);
    default: throw new Error(`no dialog ${asked.type}`);
  }
}

/** Closes a dialog that the reader left by Escape. */
export function left(asked) {
  if (asked?.type === 'token') answer(asked, null);
  else close();
}

function answer(asked, text) {
  change(s => { s.dialog = asked.before; });
  asked.given(text);
}

/** The title takes the focus if no field does, so that a dialog opens at its top and Enter presses no button. */
const title = text => html`<h2 id="dialog-title" tabindex="-1" autofocus>${text}</h2>`;
const plain = text => html`<h2 id="dialog-title">${text}</h2>`;
const cancel = html`<button type="button" @click=${close}>Cancel</button>`;

function token(asked) {
  const submit = event => {
    event.preventDefault();
    answer(asked, event.target.elements.token.value.trim() || null);
  };
  return html`<form @submit=${submit}>${plain('The operator’s token')}
    ${asked.why ? html`<p class="error" role="alert">${asked.why}</p>` : nothing}
    ${asked.signIn ? html`<p><a class="sign-in" href=${asked.signIn}>Sign in</a> with your identity provider, or enter the operator’s token.</p>` : nothing}
    <p>Every request needs the token in the operator’s <code>HOLDFAST_API_TOKEN</code>. The page keeps the token until this tab is closed.</p>
    <label>Token <input name="token" type="password" autocomplete="off" required autofocus></label>
    <p class="actions"><button type="button" @click=${() => answer(asked, null)}>Cancel</button>
      <button class="primary">Continue</button></p></form>`;
}

const MINUTES = [[15, '15 minutes'], [60, '1 hour'], [240, '4 hours'], [1440, '1 day']];

function pausing(asked) {
  const submit = event => {
    event.preventDefault();
    const { minutes, reason } = event.target.elements;
    close();
    pause(asked.stack, asked.resource, new Date(now() + Number(minutes.value) * 60000), reason.value.trim());
  };
  return html`<form @submit=${submit}>${plain(`Pause ${asked.resource ?? `the stack ${asked.stack}`}`)}
    <p>Holdfast writes ${asked.resource ? 'nothing to this resource' : 'no resource of this stack'} until the pause ends. Drift is still observed and reported.</p>
    <fieldset><legend>The pause ends after</legend>${MINUTES.map(([minutes, name]) => html`<label class="choice">
      <input type="radio" name="minutes" value=${minutes} ?checked=${minutes === 60}>${name}</label>`)}</fieldset>
    <label>Why? <input name="reason" required maxlength="200" pattern=".*\\S.*" autocomplete="off" autofocus
      placeholder="incident 12"></label>
    <p class="actions">${cancel}<button class="primary">Pause</button></p></form>`;
}

function requests(asked) {
  const { byOperation, total } = asked.pass.requests;
  const rows = Object.entries(byOperation).sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
  return html`${title(`${count(total, 'request')} of the last pass`)}
    <table class="list"><thead><tr><th scope="col">Operation</th><th scope="col" class="right">Requests</th></tr></thead>
    <tbody>${rows.map(([operation, n]) => html`<tr><td><code>${operation}</code></td><td class="right">${n}</td></tr>`)}</tbody></table>
    <p class="muted">Requests sent to AWS, including retries and ${count(asked.pass.writes, 'write')}.</p>
    <p class="actions"><button type="button" class="primary" @click=${close}>Close</button></p>`;
}
