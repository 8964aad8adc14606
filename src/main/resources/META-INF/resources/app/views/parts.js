// Small pieces that several views show.
import { html, nothing } from '../lit.js';
import { icon, statusIcon } from '../icons.js';
import { json, tone, words } from '../format.js';
import { split, to } from '../route.js';
import { change, say, state } from '../store.js';

/** @param word a status, a verdict, a severity */
export const badge = (word, text = words(word)) =>
  html`<span class="badge ${tone(word)}">${statusIcon(word)}<span>${text}</span></span>`;

export const ago = iso => (iso ? html`<hf-ago at=${iso}></hf-ago>` : html`<span class="muted">never</span>`);

/** A link that opens a resource in the present view. */
export function resourceLink(route, resource) {
  const [kind, name] = split(resource);
  return html`<a class="res" href=${to(route.stack, route.view, resource, route.filter)}><span class="kind">${kind}</span><span
    class="slash">/</span><wbr>${name}</a>`;
}

export const empty = (title, text = nothing) => html`<div class="empty"><p class="headline">${title}</p><p>${text}</p></div>`;

/** A command for a terminal. If the page may not write to the clipboard, the button selects the text. */
export function command(text) {
  const copy = async event => {
    const code = event.currentTarget.previousElementSibling;
    try {
      await navigator.clipboard.writeText(text);
      say('The command is copied.');
    } catch {
      getSelection().selectAllChildren(code);
    }
  };
  return html`<div class="command"><pre tabindex="0">${text}</pre><button type="button" @click=${copy}>Copy</button></div>`;
}

const NOTICES = { bad: 'cross', warn: 'triangle', good: 'check' };

export const notice = (kind, title, body = nothing, action = nothing, shape = NOTICES[kind] ?? 'question') => html`
  <section class="notice ${kind}">${icon(shape)}
    <div class="grow"><strong>${title}</strong> ${body}</div>${action}</section>`;

const CAUSES = { Drift: 'changed outside Holdfast', PendingChange: 'the desired value has changed', Unrecorded: 'the applied value is not recorded' };
const EFFECTS = { Replace: 'needs a replacement', Released: 'released: the field keeps its value', Update: null };

/** The fields that differ, each with its observed and its desired value. */
export function fields(changes, sides = ['in AWS', 'desired']) {
  return html`<ul class="fields">${changes.map(field => html`<li>
    <p class="path"><span title=${field.path}>${field.words}</span> <span class="muted">${[CAUSES[field.cause], EFFECTS[field.effect]]
      .filter(Boolean).join('; ')}</span></p>
    <dl class="sides">
      <div class="is"><dt>${sides[0]}</dt><dd>${value(field.observed, false)}</dd></div>
      <div class="be"><dt>${sides[1]}</dt><dd>${value(field.desired, field.knownAfterApply)}</dd></div>
    </dl></li>`)}</ul>`;
}

/** One side of a field: a value, or a text that there is no value. */
export function value(side, later) {
  if (later) return html`<em class="muted">known after apply</em>`;
  return side === null || side === undefined ? html`<em class="muted">nothing</em>` : html`<pre>${json(side)}</pre>`;
}

/** A filter that is on or off. */
export const toggle = (pressed, text, click) =>
  html`<button type="button" class="chip" aria-pressed=${pressed ? 'true' : 'false'} @click=${click}>${text}</button>`;

/** Folded content is not drawn before the reader unfolds it: a plan of 1,500 steps has tens of thousands of fields. */
export function fold(key, title, content) {
  const open = state.unrolled.has(key);
  const toggled = event => {
    if (event.target.open !== state.unrolled.has(key)) change(s => (event.target.open ? s.unrolled.add(key) : s.unrolled.delete(key)));
  };
  return html`<details ?open=${open} @toggle=${toggled}><summary>${title}</summary>${open ? content() : nothing}</details>`;
}

/** The number of items of a list that are drawn at first. */
const PAGE = 100;

/** @return the first items of a long list, or all items if the reader requested them */
export const long = (key, list) => (state.unrolled.has(key) ? list : list.slice(0, PAGE));

/** The button that shows the rest of a list. */
long.rest = (key, list) => (list.length <= PAGE || state.unrolled.has(key) ? nothing
  : html`<p><button type="button" class="link" @click=${() => change(s => s.unrolled.add(key))}>Show the other ${(list.length - PAGE).toLocaleString()}</button></p>`);
