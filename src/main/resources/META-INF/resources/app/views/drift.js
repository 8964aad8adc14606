// The drift report: each resource that drifted, its observed and desired values, and its repair.
import { html, nothing, repeat } from '../lit.js';
import { ago, badge, empty, fields, notice, resourceLink, value } from './parts.js';
import { at, count } from '../format.js';
import { byWords } from '../attention.js';
import { details } from '../store.js';

/** The states that need a person come first, the states that end without a person last. */
const STATES = ['Stalled', 'AwaitingApproval', 'Contested', 'Detected', 'Repairing'];

const TYPES = { Modified: 'was changed', Missing: 'was deleted in AWS', Unexpected: 'exists and is not desired' };
const REPAIRED = { Modified: 'had been changed', Missing: 'had been deleted in AWS', Unexpected: 'existed and was not desired' };

export function drift(stack, state) {
  const report = details(stack.name).drift;
  if (!report) return empty('Reading the drift report…');
  const open = report.items.filter(item => item.state !== 'Repaired').sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
  const repaired = report.items.filter(item => item.state === 'Repaired');
  return html`
    <p class="lead">${open.length ? html`${count(open.length, 'resource')} drifted` : 'Nothing has drifted'}${report.inSync
      ? ', all in sync' : nothing}${report.observedAt ? html`, observed ${ago(report.observedAt)}` : nothing}.</p>
    ${repeat(open, key, item => entry(item, state))}
    ${repaired.length ? html`<h3>Repaired in the last 24 hours</h3>${repeat(repaired, key, item => entry(item, state))}` : nothing}
    ${report.items.length === 0 ? notice('good', 'Nobody changed a resource outside Holdfast in the last 24 hours.') : nothing}`;
}

const key = item => `${item.resource} ${item.firstSeen} ${item.repairedAt}`;

const entry = (item, state) => {
  const over = item.state === 'Repaired';
  return html`<article class="entry">
  <header><h4>${resourceLink(state.route, item.resource)}</h4>${badge(item.state)}
    <p class="muted">${(over ? REPAIRED : TYPES)[item.type]}; seen ${ago(item.firstSeen)}${item.repairedAt
      ? html`, repaired ${ago(item.repairedAt)}` : nothing}</p></header>
  ${item.by?.who ? html`<p class="by">${byWords(item.by)}${item.by.at ? html` <span class="muted" title=${at(item.by.at)}>${ago(item.by.at)}</span>` : nothing}
    ${item.by.event ? html`<code class="muted">${item.by.event}</code>` : nothing}
    ${item.by.eventId ? html`<code class="muted" title="The event in CloudTrail">${item.by.eventId}</code>` : nothing}</p>` : nothing}
  ${item.physicalId ? html`<p><code class="muted">${item.physicalId}</code></p>` : nothing}
  ${item.fields.length ? (over ? restored(item) : fields(item.fields)) : nothing}</article>`;
};

const there = side => side !== null && side !== undefined;

/** For each field, a sentence about the change and the repair, and both values. */
const restored = item => html`<ul class="fields">${item.fields.map(field => html`<li>
  <p class="path"><span title=${field.path}>${field.words}</span> <span class="muted">${became(item, field)}</span></p>
  ${there(field.observed) && there(field.desired) ? html`<dl class="sides">
    <div class="is"><dt>changed to</dt><dd>${value(field.observed, false)}</dd></div>
    <div class="be"><dt>restored to</dt><dd>${value(field.desired, false)}</dd></div></dl>` : nothing}</li>`)}</ul>`;

function became(item, field) {
  if (item.type === 'Unexpected') return 'no longer exists, or a document declares it now';
  if (!there(field.desired)) return 'had been added, and was removed again';
  return there(field.observed) ? 'had been changed, and was restored' : 'had been removed, and was restored';
}
