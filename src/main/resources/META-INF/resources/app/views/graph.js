// The graph of dependencies, from left to right in the order of creation.
import { html, live, nothing, repeat, svg } from '../lit.js';
import { icon, statusShape } from '../icons.js';
import { empty, notice, toggle } from './parts.js';
import { count, tone, words, worst } from '../format.js';
import { change, details, state } from '../store.js';
import { split, to } from '../route.js';
import { NODE, around, layout, reduced } from '../layout.js';

/** A graph of more nodes is not readable, and its layout takes too long. */
const MOST = 250;

export function graph(stack) {
  const whole = details(stack.name).graph;
  if (!whole) return empty('Reading the graph…');
  if (whole.nodes.length === 0) return empty('Nothing to draw', 'The stack has no resources yet.');
  const shown = chosen(whole, state.graph.shown);
  return html`${choices(whole, shown)}${shown.nodes.length > MOST
    ? notice('dim', `${shown.nodes.length} resources are too many to draw at once.`, 'Search for a resource to see its dependencies in both directions.')
    : drawing(shown, stack)}`;
}

function chosen(whole, wanted) {
  const owned = whole.nodes.some(node => node.owner);
  const mode = wanted === 'auto' ? (owned ? 'composites' : 'all') : wanted;
  if (mode === 'composites') return { mode, owned, ...composites(whole) };
  const upwards = whole.edges.map(([from, on]) => [on, from]);
  if (mode === 'all') return { mode, owned, nodes: whole.nodes, edges: upwards };
  const near = around(mode, upwards);
  return {
    mode, owned,
    nodes: whole.nodes.filter(node => near.has(node.id)),
    edges: upwards.filter(([from, on]) => near.has(from) && near.has(on)),
  };
}

/** Each composite as one node, whose edges are the dependencies of its resources on resources outside. */
function composites(whole) {
  const home = new Map(whole.nodes.map(node => [node.id, node.owner ?? node.id]));
  const groups = Map.groupBy(whole.nodes, node => home.get(node.id));
  const nodes = [...groups].map(([id, members]) => ({
    id, size: members[0].owner ? members.length : 0, status: worst(members.map(member => member.status)),
  }));
  const pairs = new Map(whole.edges.map(([from, on]) => [home.get(on), home.get(from)])
    .filter(([from, on]) => from !== on).map(pair => [pair.join(' '), pair]));
  return { nodes, edges: [...pairs.values()] };
}

/** The number of matches that are offered. */
const OFFERED = 8;

/** The nodes whose names contain every word of the search. */
export function found(nodes, text) {
  const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return wanted.length === 0 ? [] : nodes.filter(node => wanted.every(word => node.id.toLowerCase().includes(word)));
}

function choices(whole, shown) {
  const show = what => change(s => { s.graph = { ...s.graph, shown: what, hot: null, search: '' }; });
  const one = shown.mode === 'all' || shown.mode === 'composites' ? null : shown.mode;
  const matches = found(whole.nodes, state.graph.search);
  return html`<form class="filters" role="search" @submit=${event => {
    event.preventDefault();
    reveal(shown.nodes, state.graph.search);
  }}>
    <div role="group" aria-label="Show" class="row">
      ${shown.owned ? toggle(shown.mode === 'composites', 'Composites', () => show('composites')) : nothing}
      ${toggle(shown.mode === 'all', 'All resources', () => show('all'))}
      ${one ? toggle(true, `Around ${one}`, () => show('auto')) : nothing}</div>
    <label class="search"><span class="hidden">Find a resource in the graph</span>${icon('search')}
      <input id="filter" type="search" placeholder="Find a resource…" autocomplete="off" spellcheck="false" .value=${live(state.graph.search)}
        @input=${event => change(s => { s.graph.search = event.target.value; })}></label>
    <div role="group" aria-label="Size of the graph" class="row">
      <button type="button" aria-label="Smaller" @click=${() => zoom(1 / STEP)}>−</button>
      <button type="button" aria-label="Larger" @click=${() => zoom(STEP)}>+</button>
      <button type="button" @click=${fit}>Fit</button></div>
    ${state.graph.search.trim() ? html`<div class="offered"><p role="status" class="muted">${matches.length
      ? `${count(matches.length, 'resource')} found${matches.length > OFFERED ? `, the first ${OFFERED}` : ''}; draw what is around`
      : 'No resource has such a name.'}</p>${matches.slice(0, OFFERED).map(node => html`
      <button type="button" class="chip" @click=${() => show(node.id)}>${node.id}</button>`)}</div>` : nothing}
    <p class="muted">A resource depends on the resources to its left. Edges that other edges imply are not shown.</p></form>`;
}

const STEP = 1.250;
const SMALLEST = .08, LARGEST = 3;

const shownGraph = () => document.querySelector('.graph');

/** At a smaller scale, names are not readable, so that a part of the graph is more useful than the whole. */
const READABLE = .5;

/** @return the scale of the graph: the reader's choice, or the scale that fits the graph into the frame but keeps names readable */
function sizeOf(place) {
  const { zoom } = state.graph;
  if (typeof zoom === 'number') return zoom;
  const width = (document.querySelector('.view')?.clientWidth ?? innerWidth) - 4;
  const whole = Math.max(SMALLEST, Math.min(width / place.width, (innerHeight * .75 - 4) / place.height, 1));
  return zoom === 'fit' || whole >= READABLE ? whole : .7;
}

/** The first position of a graph that does not fit: at the node with the worst status, or else in the middle. */
export function opening(place, nodes) {
  const status = worst(nodes.map(node => node.status));
  const node = tone(status) === 'good' ? null : nodes.find(one => one.status === status);
  return node ? place.nodes.get(node.id) : { x: place.width / 2, y: place.height / 2 };
}

function scrollToOpening(place, nodes) {
  const view = shownGraph();
  if (!view || state.graph.zoom !== 'auto') return;
  const size = sizeOf(place);
  const { x, y } = opening(place, nodes);
  view.scrollTo(x * size - view.clientWidth / 2, y * size - view.clientHeight / 2);
}

/** Zooming keeps the centre of the frame. */
function zoom(by) {
  const view = shownGraph();
  if (!view) return;
  const before = sizeOf(last.result);
  const after = Math.min(LARGEST, Math.max(SMALLEST, before * by));
  const middle = [view.scrollLeft + view.clientWidth / 2, view.scrollTop + view.clientHeight / 2];
  change(s => { s.graph.zoom = after; });
  requestAnimationFrame(() => requestAnimationFrame(() => view.scrollTo(
    middle[0] * after / before - view.clientWidth / 2, middle[1] * after / before - view.clientHeight / 2)));
}

/** The whole graph at once. */
const fit = () => change(s => { s.graph.zoom = 'fit'; });

/** Scrolls to the first match and gives it the focus. */
function reveal(nodes, text) {
  const first = found(nodes, text)[0];
  const element = first && [...document.querySelectorAll('.graph a.node')].find(one => one.dataset.id === first.id);
  element?.scrollIntoView({ block: 'center', inline: 'center' });
  element?.focus({ preventScroll: true });
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { '+': STEP, '=': STEP, '-': 1 / STEP }[event.key];
  if (by) zoom(by);
  else if (event.key === '0') fit();
}

/** Zooms only with a modifier key, because the wheel alone scrolls. */
function wheel(event) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? STEP : 1 / STEP);
}

/** The last layout: statuses change often, but nodes and edges rarely do. */
let last = { key: null, result: null };

function drawing(shown, stack) {
  const key = JSON.stringify([shown.nodes.map(node => node.id), shown.edges]);
  if (last.key !== key) {
    last = { key, result: null };
    layout(shown.nodes.map(node => node.id), reduced(shown.edges))
      .then(result => {
        if (last.key !== key) return;
        change(() => { last.result = result; });
        requestAnimationFrame(() => requestAnimationFrame(() => scrollToOpening(result, shown.nodes)));
      })
      .catch(error => change(() => { last.result = error; }));
  }
  if (last.result === null) return empty('Computing the layout…');
  if (last.result instanceof Error) return notice('bad', 'The graph cannot be drawn:', last.result.message);
  return picture(last.result, shown, stack);
}

function picture(place, shown, stack) {
  const { hot } = state.graph;
  const near = new Set(place.edges.filter(edge => edge.from === hot || edge.to === hot).flatMap(edge => [edge.from, edge.to]));
  const heat = id => change(s => { s.graph.hot = id; });
  const hits = new Set(found(shown.nodes, state.graph.search).map(node => node.id));
  const size = sizeOf(place);
  return html`<div class="graph" tabindex="0" role="group" aria-label="Dependencies of ${stack.name}; + and - change the size, 0 fits it in"
      @keydown=${keys} @wheel=${wheel}>
    <svg width=${Math.round(place.width * size)} height=${Math.round(place.height * size)} viewBox="0 0 ${place.width} ${place.height}"
      class=${hot || hits.size ? 'hot' : ''} @pointerleave=${() => heat(null)}>
      ${place.edges.map(edge => svg`<path class=${edge.from === hot || edge.to === hot ? 'edge near' : 'edge'} d=${curve(place.nodes.get(edge.from), edge.points, place.nodes.get(edge.to))}></path>`)}
      ${repeat(shown.nodes, node => node.id, node => box(node, place.nodes.get(node.id), near.has(node.id) || node.id === hot || hits.has(node.id), stack, heat))}
    </svg></div>`;
}

function box(node, { x, y }, near, stack, heat) {
  const [kind, name] = split(node.id);
  return svg`<a class="node ${tone(node.status)} ${near ? 'near' : ''}" transform="translate(${x - NODE.width / 2} ${y - NODE.height / 2})"
      href=${to(stack.name, 'graph', node.id)} data-id=${node.id} aria-label="${node.id}, ${words(node.status)}"
      @pointerenter=${() => heat(node.id)} @focus=${() => heat(node.id)} @blur=${() => heat(null)}>
    <title>${node.id}: ${words(node.status)}</title>
    <rect width=${NODE.width} height=${NODE.height} rx="7"></rect>
    <g class="shape" transform="translate(10 15)">${statusShape(node.status)}</g>
    <text x="34" y="19" class="kind">${kind}${node.size ? `, ${node.size}` : nothing}</text><text x="34" y="35">${cut(name)}</text></a>`;
}

const cut = name => (name.length > 21 ? `${name.slice(0, 20)}…` : name);

/** A line from the right side of one box to the left side of the other; a long line follows dagre's bends. */
function curve(from, points, to) {
  const way = [{ x: from.x + NODE.width / 2, y: from.y }, ...(points.length > 3 ? points.slice(1, -1) : []), { x: to.x - NODE.width / 2, y: to.y }];
  const parts = way.slice(1).map((point, i) => {
    const middle = (way[i].x + point.x) / 2;
    return `C${middle} ${way[i].y} ${middle} ${point.y} ${point.x} ${point.y}`;
  });
  return `M${way[0].x} ${way[0].y}${parts.join('')}`;
}
