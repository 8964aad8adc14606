// The enforced revision, the mistakes of a refused revision, and the published revisions, each with a way to roll back to it.
import { html, nothing, repeat } from '../lit.js';
import { ago, empty } from './parts.js';
import { at, count, short } from '../format.js';
import { compare } from '../actions.js';
import { details } from '../store.js';

export function revision(stack) {
  const heads = details(stack.name).revisions?.items;
  return html`
    <p class="lead">${stack.revision ? html`Enforced: <code class="whole">${stack.revision}</code>` : 'No revision is enforced.'}</p>
    ${stack.revisionErrors.length ? html`<section aria-labelledby="refused"><h3 id="refused">${count(stack.revisionErrors.length, 'mistake')}
      in the revision that was refused</h3><ul class="problems">${stack.revisionErrors.map(problem)}</ul></section>` : nothing}
    <h3>Published</h3>
    ${!heads ? empty('Reading the revisions…') : heads.length === 0
      ? html`<p class="muted">The operator reads the desired state from a directory, which has no history.</p>` : table(stack, heads)}`;
}

const problem = one => html`<li><code>${one.file}:${one.line}:${one.column}</code> ${one.pointer ? html`<code class="muted">${one.pointer}</code>` : nothing}
  <p>${one.message}${one.hint ? html` <span class="muted">Hint: ${one.hint}</span>` : nothing}</p></li>`;

const table = (stack, heads) => html`<table class="list"><thead><tr><th scope="col">Number</th><th scope="col">Revision</th>
  <th scope="col">Message</th><th scope="col">By</th><th scope="col">When</th><th scope="col"><span class="hidden">Compare and go back</span></th></tr></thead>
  <tbody>${repeat(heads, head => head.number, (head, i) => html`<tr><td>${head.number}</td>
    <td><code title=${head.revision}>${short(head.revision)}</code>${head.revision === stack.revision
      ? html` <span class="number">enforced</span>` : nothing}</td>
    <td>${head.message}${head.commit ? html` <code class="muted">${short(head.commit)}</code>` : nothing}</td>
    <td>${head.author}</td><td title=${at(head.time)}>${ago(head.time)}</td>
    <td class="row">${head.previous ? button('Compare…', `commit ${head.number} with the previous commit`, () => compare(stack.name,
      { from: head.previous, to: head.revision })) : nothing}${i > 0 && head.revision !== heads[0].revision ? button('Go back…',
      `to commit ${head.number}`, () => compare(stack.name, { from: heads[0].revision, to: head.revision })) : nothing}</td></tr>`)}</tbody></table>`;

const button = (text, what, click) => html`<button type="button" @click=${click}>${text}<span class="hidden"> ${what}</span></button>`;
