// Two revisions side by side, the plan of a rollback to the older revision, and the command for the rollback.
import { html, nothing, repeat } from '../lit.js';
import { badge, command, fold, long, notice, toggle, value } from './parts.js';
import { sign, summary } from './plan.js';
import { at, count, short, words } from '../format.js';
import { details, state } from '../store.js';
import { close, compare, planWayBack, show } from '../actions.js';

const DIFFERENCES = { Added: 'Create', Removed: 'Delete', Changed: 'Update' };

/** A list of more differences is folded at first. */
const CALM = 20;

export function comparison(asked, title) {
  const heads = details(asked.stack).revisions?.items ?? [];
  const [from, to] = [asked.from, asked.to].map(revision => heads.find(head => head.revision === revision));
  const back = heads[0] && asked.from === heads[0].revision && asked.to !== asked.from;
  return html`<div class="compare">${title(back ? `Back to commit ${to?.number}?` : `Differences in ${asked.stack}`)}
    <div class="row wrap">${choice('From', asked, heads, from)}${choice('To', asked, heads, to)}</div>
    ${asked.failure ? notice('bad', 'Holdfast cannot compare these revisions:', asked.failure) : asked.diff ? difference(asked, from, to)
      : html`<p class="muted">Comparing…</p>`}
    ${back ? wayBack(asked, to) : nothing}
    <p class="actions"><button type="button" class="primary" @click=${close}>Close</button></p></div>`;
}

const choice = (name, asked, heads, chosen) => html`<label>${name} <select
  @change=${event => compare(asked.stack, { from: asked.from, to: asked.to, [name.toLowerCase()]: event.target.value })}>${repeat(heads,
    head => head.number, head => html`<option value=${head.revision} ?selected=${head === chosen}>${
      head.number}: ${head.message || short(head.revision)}, ${head.author || 'unknown author'}, ${at(head.time)}</option>`)}</select></label>`;

function difference(asked, from, to) {
  const { documents, resources } = asked.diff;
  const shown = asked.expanded ? resources : documents;
  const sides = [from, to].map(head => `commit ${head?.number ?? '?'}`);
  const key = `difference ${asked.from} ${asked.to} ${asked.expanded}`;
  const chip = (expanded, name, list) => toggle(asked.expanded === expanded, html`${name}<strong>${list.length.toLocaleString()}</strong>`,
    () => show({ expanded }));
  return html`<div class="row wrap" role="group" aria-label="Compare">${chip(false, 'Documents', documents)}${chip(true, 'Resources, expanded', resources)}</div>
    ${shown.length === 0 ? html`<p>${asked.from === asked.to ? 'Both are the same revision.' : 'The revisions do not differ.'}</p>` : nothing}
    ${repeat(long(key, shown), one => one.id, one => html`<article class="entry"><header>${sign(DIFFERENCES[one.type])}
      <h3><span class="action">${one.type}</span> ${one.id}</h3>${one.owner ? html`<span class="muted">part of ${one.owner}</span>` : nothing}</header>
      ${shown.length <= CALM ? table(one.fields, sides)
        : fold(`${key} ${one.id}`, count(one.fields.length, 'field'), () => table(one.fields, sides))}</article>`)}
    ${long.rest(key, shown)}`;
}

/** A field may contain a whole document, which needs the full width. */
const table = (fields, sides) => html`<ul class="fields">${fields.map(field => html`<li><p class="path"><code>${field.path}</code></p>
  <dl class="sides"><div class="is"><dt>${sides[0]}</dt><dd>${value(field.before, false)}</dd></div>
    <div class="be"><dt>${sides[1]}</dt><dd>${value(field.after, false)}</dd></div></dl></li>`)}</ul>`;

const mayPlan = () => state.operator?.you.roles.some(role => role === 'operate' || role === 'approve');

function wayBack(asked, to) {
  return html`<section aria-labelledby="way-back"><h3 id="way-back">Rollback</h3>
    ${asked.plan ? planned(asked.plan) : asked.planning ? html`<p class="muted" role="status">Reading the whole stack…</p>`
      : asked.refused ? notice('bad', 'No plan:', asked.refused)
        : mayPlan() ? html`<p><button type="button" @click=${() => planWayBack(asked.stack, asked.to)}>Plan the rollback to commit ${to.number}</button>
            <span class="muted">reads the stack in AWS and writes nothing</span></p>`
          : html`<p class="muted">A person with the role operate or approve can see the plan here.</p>`}</section>`;
}

function planned({ plan, lost, remarks, command: line }) {
  return html`${remarks.map(remark => notice('warn', 'The plan may be incomplete:', remark))}
    <p>${plan.steps.length ? summary(plan.steps) : 'The rollback changes nothing in AWS.'}</p>
    <ul class="steps">${repeat(long('way back', plan.steps), one => one.hash + one.resource, one => html`<li>
      ${sign(one.action)} <span>${one.action} ${one.resource}</span> ${one.verdict.type === 'Held' ? badge('Held', words(one.verdict.reason)) : nothing}
      ${one.physicalId ? html`<code class="muted">${one.physicalId}</code>` : nothing}
      ${one.changes.length ? html`<p>${one.changes.map(change => change.words).join(', ')}</p>` : nothing}</li>`)}</ul>
    ${long.rest('way back', plan.steps)}
    ${lost.length ? notice('warn', 'Losses that the rollback cannot undo', html`<ul class="lost">${lost.map(line => html`<li>${line}</li>`)}</ul>`) : nothing}
    <p>This page does not publish: the operator may read the location of the desired state, but must not write to it, because a writer of
      that location controls everything that the operator’s role can do. A publisher runs this command, which shows the same plan and asks once:</p>
    ${command(line)}`;
}
