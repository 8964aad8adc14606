// The top of a stack's page: the problems that need a person, or one line if there are none.
import { html, nothing, repeat } from '../lit.js';
import { icon, statusIcon } from '../icons.js';
import { ago, fold } from './parts.js';
import { attention, byWords } from '../attention.js';
import { count, tone } from '../format.js';
import { details } from '../store.js';
import { split, to } from '../route.js';

/** The number of entries per group; the group's link leads to the others. */
const SHOWN = 3;

const ACTS = { AwaitingApproval: 'Review the plan', Drifted: 'Show the drift' };

export function needs(stack, state) {
  const known = details(stack.name);
  const groups = attention(stack, known, state.alerts);
  return html`<section class="needs ${groups.length ? 'some' : 'none'}" aria-labelledby="needs">
    ${groups.length ? html`<h3 id="needs">Problems that need a person</h3>
      <ul>${repeat(groups, group => group.word + group.title, group => shown(group))}</ul>` : calm(stack)}
    ${undone(stack, known)}</section>`;
}

function calm(stack) {
  return html`<h3 id="needs" class="calm">${icon('check')} ${stack.status === 'Starting' ? 'The first pass is under way.' : calmWords(stack)}</h3>`;
}

function calmWords(stack) {
  const n = (...statuses) => statuses.reduce((sum, status) => sum + (stack.counts[status] ?? 0), 0);
  if (stack.mode === 'Observe') {
    return `Nothing needs a person. The mode is Observe: nothing is written${n('Pending') ? `, and ${count(n('Pending'), 'resource')} would change` : ''}.`;
  }
  const busy = n('Progressing', 'Waiting', 'Pending');
  return busy ? `Nothing needs a person; ${count(busy, 'resource')} ${busy === 1 ? 'is' : 'are'} under way.` : 'Nothing needs a person.';
}

const shown = group => html`<li class=${tone(group.word)}>
  <p class="what"><span class="mark">${statusIcon(group.word)}</span><a href=${group.href}>${group.title}</a></p>
  ${group.entries.length ? html`<ul>${group.entries.slice(0, SHOWN).map(entry => html`<li>${said(entry)}</li>`)}
    ${group.total > SHOWN && group.entries.length > SHOWN
      ? html`<li><a href=${group.href}>and ${(group.entries.length - SHOWN).toLocaleString()} more</a></li>` : nothing}</ul>` : nothing}
  ${ACTS[group.word] ? html`<a class="button" href=${group.href}>${ACTS[group.word]}</a>` : nothing}</li>`;

const said = entry => html`${entry.resource ? html`<a class="name" href=${entry.href}>${name(entry.resource)}</a>` : nothing}
  ${entry.others ? html`<span class="muted">and ${count(entry.others, 'other step')}</span>` : nothing}
  ${brief(entry.text)} ${entry.by ? html`<span class="by">${byWords(entry.by)}</span>` : nothing}
  ${entry.since ? html`<span class="muted">${ago(entry.since)}</span>` : nothing}`;

/** A longer text is folded: if thirty reads fail at once, the first failure is enough to understand the problem. */
const LONG = 320;

function brief(text) {
  if (text.length <= LONG) return html`<span class="text">${text}</span>`;
  const end = text.lastIndexOf(' ', LONG - 40);
  return html`<span class="text">${text.slice(0, end)} …</span> ${fold(`whole ${text}`, 'Whole text', () => html`<p>${text.slice(end)}</p>`)}`;
}

function name(resource) {
  const [kind, rest] = split(resource);
  return html`<span class="kind">${kind}/</span><wbr>${rest}`;
}

/** Repaired drift needs no person, but readers want to know its author. */
function undone(stack, known) {
  const items = (known.drift?.items ?? []).filter(item => item.state === 'Repaired');
  if (items.length === 0) return nothing;
  const people = [...new Set(items.map(item => item.by?.who).filter(Boolean))];
  return html`<p class="undone"><a href=${to(stack.name, 'drift')}>${count(items.length, 'change')} from outside</a>
    ${items.length === 1 ? 'was' : 'were'} undone in the last 24 hours${people.length ? `: by ${few(people)}` : ''}.</p>`;
}

const few = people => (people.length <= SHOWN ? people.join(', ') : `${people.slice(0, SHOWN).join(', ')} and ${people.length - SHOWN} more`);

/** The same problems on a card of the overview, as links. */
export function cardNeeds(stack, state) {
  const known = details(stack.name);
  const groups = attention(stack, known, state.alerts);
  return groups.length === 0 ? html`<p class="muted">Nothing needs a person</p>`
    : html`<p class="reasons">${groups.map(group => html`<a class=${tone(group.word)} href=${group.href}>${statusIcon(group.word)}<span>${group.brief ?? group.title}${who(group)}</span></a>`)}</p>`;
}

function who(group) {
  const people = [...new Set(group.entries.map(entry => entry.by?.who).filter(Boolean))];
  return people.length ? ` by ${few(people)}` : nothing;
}
