// The events of a stack, newest first.
import { html, nothing, repeat } from '../lit.js';
import { ago, empty, resourceLink, toggle } from './parts.js';
import { statusIcon } from '../icons.js';
import { at, day, time, tone, words } from '../format.js';
import { change, details } from '../store.js';

const CHOICES = {
  all: ['All', () => true],
  serious: ['Warnings and alerts', event => event.severity !== 'Info'],
  alerts: ['Alerts', event => event.severity === 'Alert' || event.severity === 'Resolved'],
};
const SHOWN = 300;

export function events(stack, state) {
  const all = details(stack.name).events;
  if (!all) return empty('Reading the events…');
  const chosen = all.filter(CHOICES[state.eventsShown][1]);
  const newest = chosen.slice(-SHOWN).reverse();
  const days = Map.groupBy(newest, event => day(event.at));
  return html`
    <div class="filters" role="group" aria-label="Events shown">${Object.entries(CHOICES).map(([choice, [name, of]]) =>
      toggle(state.eventsShown === choice, html`${name} <span class="number">${all.filter(of).length}</span>`,
        () => change(s => { s.eventsShown = choice; })))}</div>
    ${chosen.length === 0 ? empty('No such event', 'The operator keeps events since its start.') : nothing}
    ${repeat([...days], ([name]) => name, ([name, list]) => html`<h3>${name}</h3>${timeline(list, state)}`)}
    ${chosen.length > SHOWN ? html`<p class="muted">The newest ${SHOWN} of ${chosen.length} events; the API has the others:
      <code>api/v1/stacks/${stack.name}/events</code>.</p>` : nothing}`;
}

/** @param list newest first */
export const timeline = (list, state) => html`<ol class="timeline">${repeat(list, event => event.id, event => html`
  <li class=${tone(event.severity)}>
    <time datetime=${event.at} title=${at(event.at)}>${time(event.at)}</time>
    <span class="mark">${statusIcon(event.severity)}<span class="hidden">${event.severity}</span></span>
    <div><p><strong>${words(event.reason)}</strong> ${event.resource ? resourceLink(state.route, event.resource) : nothing}
      <span class="muted">${ago(event.at)}</span></p>${event.message ? html`<p class="said">${event.message}</p>` : nothing}</div></li>`)}</ol>`;
