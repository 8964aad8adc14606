// The tree of composites and resources.
import { html, live, nothing, repeat } from '../lit.js';
import { icon } from '../icons.js';
import { ago, badge, empty, resourceLink } from './parts.js';
import { count, ready, since, words } from '../format.js';
import { change, details, filterBy } from '../store.js';
import { COLUMNS, apart, filtered, filtering, groups, id, kinds } from '../tree.js';

/** A list of more resources is folded at first. */
const CALM = 40;
/** The number of rows of one group that are drawn at first; a button draws the rest. */
const PAGE = 200;

export function resources(stack, state) {
  const rows = details(stack.name).resources;
  if (!rows) return empty('Reading the resources…');
  const { composites, resources: all } = apart(rows);
  if (all.length === 0) {
    return stack.status === 'Starting' ? empty('The first pass is under way…')
      : stack.status === 'StandingBy' ? empty('This operator makes no passes over the stack', stack.conditions[0]?.message)
      : empty('No resources', 'The enforced revision has no resources, or no revision was valid yet.');
  }
  const shown = filtered(all, state.route.filter);
  return html`${filters(all, shown, state)}${shown.length === 0
    ? empty('No resource matches', html`<button type="button" @click=${clear}>Show all ${all.length}</button>`)
    : table(groups(shown, composites, state.route.filter.sort), state)}`;
}

const clear = () => filterBy({ text: '', kind: '', statuses: new Set() });

function filters(all, shown, state) {
  const { filter } = state.route;
  return html`<form class="filters" role="search" @submit=${event => event.preventDefault()}>
    <label class="search"><span class="hidden">Filter by name, id, status or message; press / to focus this field</span>${icon('search')}
      <input id="filter" type="search" placeholder="Filter by name, id, message…" autocomplete="off" spellcheck="false"
        .value=${live(filter.text)} @input=${event => filterBy({ text: event.target.value }, true)}></label>
    <label><span class="hidden">Kind</span><select @change=${event => filterBy({ kind: event.target.value })}>
      <option value="" ?selected=${!filter.kind}>All kinds</option>
      ${kinds(all).map(kind => html`<option value=${kind} ?selected=${filter.kind === kind}>${kind}</option>`)}</select></label>
    <label class="phone"><span class="hidden">Sorted by</span><select @change=${event => filterBy({ sort: event.target.value || null }, true)}>
      ${Object.entries(COLUMNS).map(([column, title]) => html`<option value=${column === 'status' ? '' : column}
        ?selected=${(filter.sort ?? 'status') === column}>by ${title.toLowerCase()}</option>`)}</select></label>
    <p class="muted" role="status">${filtering(filter) ? html`${shown.length} of ${all.length}
      <button type="button" class="link" @click=${clear}>show all</button>` : count(all.length, 'resource')}</p>
  </form>`;
}

function table(parts, state) {
  const composed = parts.some(part => part.owner !== null);
  const open = openAtFirst(parts, state);
  return html`<table class="tree">
    <thead><tr>${Object.entries(COLUMNS).map(([column, title]) => sortable(column, title, state.route.filter.sort))}</tr></thead>
    ${repeat(parts, part => part.owner ?? '', part => body(part, composed, open, state))}</table>`;
}

function sortable(column, title, sort) {
  const [now, down] = [(sort ?? 'status').replace(/^-/, ''), Boolean(sort?.startsWith('-'))];
  const active = now === column;
  const next = active && !down ? `-${column}` : column;
  return html`<th scope="col" aria-sort=${active ? (down ? 'descending' : 'ascending') : 'none'}>
    <button type="button" class="sort" @click=${() => filterBy({ sort: next === 'status' ? null : next }, true)}>${title}<span
      class="way" aria-hidden="true">${active ? (down ? '▾' : '▴') : '↕'}</span></button></th>`;
}

/**
 * In a large stack, a group whose resources are all Synced is folded at first. Of the other groups, the worst are open, up to the
 * rows of one page.
 */
function openAtFirst(parts, state) {
  if (details(state.route.stack).resources.length <= CALM) return new Set(parts);
  const open = new Set();
  let rows = 0;
  for (const part of parts) {
    const wanted = part.owner === null || part.status !== 'Synced' || filtering(state.route.filter);
    if (wanted && rows < PAGE) {
      open.add(part);
      rows += Math.min(part.members.length, PAGE);
    }
  }
  return open;
}

function body(part, composed, open, state) {
  const key = `${state.route.stack} ${part.owner}`;
  const closed = state.folded.get(key) ?? !(open.has(part) || !composed);
  const drawn = part.members.slice(0, state.unrolled.has(key) ? undefined : PAGE);
  const left = part.members.length - drawn.length;
  return html`<tbody class=${composed && part.owner !== null ? 'part' : ''}>
    ${composed ? heading(part, closed, key, state) : nothing}
    ${closed ? nothing : html`${repeat(drawn, id, resource => html`<tr>
      <th scope="row">${resourceLink(state.route, id(resource))}</th>${cells(resource)}</tr>`)}
      ${left ? html`<tr class="more"><td colspan="6"><button type="button" class="link" @click=${() => change(s => s.unrolled.add(key))}>Show
        the other ${left.toLocaleString()}</button></td></tr>` : nothing}`}</tbody>`;
}

function heading(part, closed, key, state) {
  const name = part.owner ?? 'Without a composite';
  const fold = () => change(s => s.folded.set(key, !closed));
  return html`<tr class="owner"><th scope="rowgroup"><button type="button" class="fold" aria-expanded=${closed ? 'false' : 'true'}
      aria-label="${name}, ${count(part.members.length, 'resource')}" @click=${fold}>${icon('chevron')}</button>
    ${part.row ? resourceLink(state.route, part.owner) : name} <span class="number">${part.members.length}</span></th>
    ${part.row ? cells(part.row) : html`<td>${badge(part.status)}</td><td colspan="4"></td>`}</tr>`;
}

function cells(resource) {
  const { status } = resource;
  const health = ready(resource);
  return html`<td>${badge(status.status)}${status.reason || status.message ? html`<p class="why"><span>${words(status.reason ?? '')}</span>
      ${status.message ?? nothing}</p>` : nothing}</td>
    <td class=${health?.status === 'True' ? 'muted' : ''}><span class="label">Health </span>${health
      ? health.status === 'True' ? 'Ready' : words(health.reason) : '–'}</td>
    <td><span class="label">Since </span>${ago(since(resource))}</td>
    <td class="muted"><span class="label">Read </span>${ago(status.observedAt)}</td>
    <td class="muted"><span class="label">Changed </span>${ago(status.lastChange?.at)}</td>`;
}
