// The map of a stack: the path of the traffic and the stores of data, each box with its status.
import { html, nothing, repeat, svg } from '../lit.js';
import { statusShape } from '../icons.js';
import { empty } from './parts.js';
import { tone } from '../format.js';
import { change, details } from '../store.js';
import { apart } from '../tree.js';
import { to } from '../route.js';
import { INTERNET, drawable, map as drawn, others } from '../map.js';
import { place } from '../maplayout.js';

const narrow = matchMedia('(max-width: 62rem)');
narrow.addEventListener('change', () => change(() => {}));

/** The map by the data that was read: hovering over boxes must not compute the map again. */
const found = new WeakMap();

function of(known, stack) {
  if (!found.has(known)) {
    const { resources } = apart(known.resources);
    found.set(known, { resources, whole: drawn(resources, known.plan?.steps ?? [], stack) });
  }
  return found.get(known);
}

export function map(stack, state) {
  const known = details(stack.name);
  if (!known.resources) return empty('Reading the resources…');
  const { resources, whole } = of(known, stack);
  if (!drawable(resources)) {
    return empty('Nothing to draw', html`This stack has no CDN, load balancer, service, database or cache.
      <a href=${to(stack.name, 'graph')}>The graph</a> shows all dependencies.`);
  }
  const { nodes, edges } = whole;
  return html`${picture(nodes, edges, place(nodes, edges, narrow.matches), stack, state)}${rest(resources, stack)}`;
}

function picture(nodes, edges, where, stack, state) {
  const { hot } = state.map;
  const heat = id => change(s => { s.map = { hot: id }; });
  const near = new Set(edges.filter(pair => pair.includes(hot)).flat());
  return html`<div class="map" role="group" aria-label="The whole of ${stack.name}, from the internet to the data">
    <svg viewBox="0 0 ${where.width} ${where.height}" width=${where.width} height=${where.height} class=${near.size ? 'hot' : ''}
      @pointerleave=${() => heat(null)}>
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .8 7.200 4 0 7.200z"/></marker></defs>
      ${where.paths.map(edge => svg`<path class=${edge.from === hot || edge.to === hot ? 'edge near' : 'edge'} d=${edge.d} marker-end="url(#arrow)"></path>`)}
      ${repeat(nodes, node => node.id, node => box(node, where, near.has(node.id), heat, leads(node, nodes, edges)))}
    </svg></div>`;
}

/** The text for readers who do not see the lines. */
function leads(node, nodes, edges) {
  const ends = new Set(edges.filter(([from]) => from === node.id).map(([, other]) => other));
  const on = nodes.filter(one => ends.has(one.id)).map(one => `${one.noun} ${one.name}`.trim());
  return on.length ? `, leads to ${on.join(', ')}` : '';
}

function box(node, where, near, heat, leading) {
  const { x, y, width, height } = where.at.get(node.id);
  if (node.id === INTERNET) {
    return svg`<g class="node internet ${near ? 'near' : ''}" transform="translate(${x} ${y})">
      <rect width=${width} height=${height} rx="20"></rect><text x=${width / 2} y="25" text-anchor="middle" class="name">${INTERNET}</text></g>`;
  }
  return svg`<a class="node ${tone(node.status)} ${near ? 'near' : ''} ${node.size ? 'several' : ''}" transform="translate(${x} ${y})" href=${node.href}
      aria-label="${node.noun} ${node.name}: ${[node.state, node.live].filter(Boolean).join('; ')}${leading}"
      @pointerenter=${() => heat(node.id)} @focus=${() => heat(node.id)} @blur=${() => heat(null)}>
    <title>${node.noun} ${node.name}: ${node.state}${node.route?.length ? `; ${node.route.join(', ')}` : ''}</title>
    ${node.size ? svg`<rect x="5" y="5" width=${width} height=${height} rx="8"></rect>` : nothing}
    <rect width=${width} height=${height} rx="8"></rect>
    <g class="shape" transform="translate(10 9)">${statusShape(node.status)}</g>
    <text x="34" y="21" class="kind">${cut([node.noun, node.route?.[0]].filter(Boolean).join(' '), width - 44, 6.700)}</text>
    <text x="12" y="42" class="name">${cut(node.name, width - 24, 8.500)}</text>
    ${node.live ? svg`<text x="12" y="59" class="live">${cut(node.live, width - 22, 6.900)}</text>` : nothing}
    <text x="12" y=${node.live ? 76 : 62} class="state">${stateIn(node.state, width - 22)}</text></a>`;
}

/** If a status and its reason do not fit, only the status is drawn; the label contains the reason. */
const stateIn = (state, width) => (state.length <= Math.floor(width / 6.900) ? state : cut(state.split(/[,:]/)[0], width, 6.900));

/** SVG does not break lines. */
const cut = (text, width, letter) => {
  const most = Math.floor(width / letter);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

const rest = (resources, stack) => {
  const kinds = others(resources);
  return kinds.length === 0 ? nothing : html`<section class="others"><h3>Other resources</h3><ul>${kinds.map(one => html`<li>
    <a href=${to(stack.name, 'resources', null, { kind: one.kind })}>${one.count.toLocaleString()} ${one.kind}</a></li>`)}</ul></section>`;
};
