// What depends on what: from left to right, in the order in which things come up.
import { html, nothing, repeat, svg } from '../lit.js';
import { statusShape } from '../icons.js';
import { empty, notice, toggle } from './parts.js';
import { tone, words, worst } from '../format.js';
import { change, details } from '../store.js';
import { split, to } from '../route.js';
import { NODE, around, layout, reduced } from '../layout.js';

/** More than this at once is neither read by people nor laid out in a moment. */
const MOST = 250;

export function graph(stack, state) {
  const whole = details(stack.name).graph;
  if (!whole) return empty('Reading the graph…');
  if (whole.nodes.length === 0) return empty('Nothing to draw', 'The stack has no resources yet.');
  const shown = chosen(whole, state.graph.shown);
  return html`${choices(whole, state, shown)}${shown.nodes.length > MOST
    ? notice('dim', `${shown.nodes.length} resources are too many to draw at once.`, 'Choose one, to see what it depends on and what needs it.')
    : drawing(shown, stack, state)}`;
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

/** Each composite as one node, what its resources depend on outside of it as its edges. */
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

function choices(whole, state, shown) {
  const show = what => change(s => { s.graph = { shown: what, hot: null }; });
  const one = shown.mode === 'all' || shown.mode === 'composites' ? '' : shown.mode;
  return html`<div class="filters">
    <div role="group" aria-label="Show" class="row">
      ${shown.owned ? toggle(shown.mode === 'composites', 'Composites', () => show('composites')) : nothing}
      ${toggle(shown.mode === 'all', 'All resources', () => show('all'))}</div>
    <label><span class="hidden">Around one resource</span><select @change=${event => show(event.target.value || 'auto')}>
      <option value="" ?selected=${!one}>Around one resource…</option>
      ${whole.nodes.map(node => html`<option value=${node.id} ?selected=${node.id === one}>${node.id}</option>`)}</select></label>
    <p class="muted">What stands left is needed by what stands right of it. Edges that others imply are left out.</p></div>`;
}

/** The last layout: statuses change often, what is laid out seldom. */
let last = { key: null, result: null };

function drawing(shown, stack, state) {
  const key = JSON.stringify([shown.nodes.map(node => node.id), shown.edges]);
  if (last.key !== key) {
    last = { key, result: null };
    layout(shown.nodes.map(node => node.id), reduced(shown.edges))
      .then(result => { if (last.key === key) change(() => { last.result = result; }); })
      .catch(error => change(() => { last.result = error; }));
  }
  if (last.result === null) return empty('Laying it out…');
  if (last.result instanceof Error) return notice('bad', 'The graph cannot be drawn:', last.result.message);
  return picture(last.result, shown, stack, state);
}

function picture(place, shown, stack, state) {
  const { hot } = state.graph;
  const near = new Set(place.edges.filter(edge => edge.from === hot || edge.to === hot).flatMap(edge => [edge.from, edge.to]));
  const heat = id => change(s => { s.graph.hot = id; });
  return html`<div class="graph" tabindex="0" role="group" aria-label="Dependencies of ${stack.name}">
    <svg width=${place.width} height=${place.height} viewBox="0 0 ${place.width} ${place.height}" class=${hot ? 'hot' : ''}
      @pointerleave=${() => heat(null)}>
      ${place.edges.map(edge => svg`<path class=${edge.from === hot || edge.to === hot ? 'edge near' : 'edge'} d=${curve(place.nodes.get(edge.from), edge.points, place.nodes.get(edge.to))}></path>`)}
      ${repeat(shown.nodes, node => node.id, node => box(node, place.nodes.get(node.id), near.has(node.id) || node.id === hot, stack, heat))}
    </svg></div>`;
}

function box(node, { x, y }, near, stack, heat) {
  const [kind, name] = split(node.id);
  return svg`<a class="node ${tone(node.status)} ${near ? 'near' : ''}" transform="translate(${x - NODE.width / 2} ${y - NODE.height / 2})"
      href=${to(stack.name, 'graph', node.id)} aria-label="${node.id}, ${words(node.status)}"
      @pointerenter=${() => heat(node.id)} @focus=${() => heat(node.id)} @blur=${() => heat(null)}>
    <title>${node.id}: ${words(node.status)}</title>
    <rect width=${NODE.width} height=${NODE.height} rx="7"></rect>
    <g class="shape" transform="translate(10 15)">${statusShape(node.status)}</g>
    <text x="34" y="19" class="kind">${kind}${node.size ? `, ${node.size}` : nothing}</text><text x="34" y="35">${cut(name)}</text></a>`;
}

const cut = name => (name.length > 21 ? `${name.slice(0, 20)}…` : name);

/** From the right side of one box to the left side of the other; on a long way, by what dagre bends around. */
function curve(from, points, to) {
  const way = [{ x: from.x + NODE.width / 2, y: from.y }, ...(points.length > 3 ? points.slice(1, -1) : []), { x: to.x - NODE.width / 2, y: to.y }];
  const parts = way.slice(1).map((point, i) => {
    const middle = (way[i].x + point.x) / 2;
    return `C${middle} ${way[i].y} ${middle} ${point.y} ${point.x} ${point.y}`;
  });
  return `M${way[0].x} ${way[0].y}${parts.join('')}`;
}
