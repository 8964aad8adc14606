// The positions of the graph's nodes and edges, which dagre computes.
let library;

/** Loads the library only when the reader opens a graph, because it is large. */
function load() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = new URL('webjars/dagre/0.8.4/dist/dagre.min.js', document.baseURI);
    script.onload = () => done(globalThis.dagre);
    script.onerror = () => failed(new Error('the layout library does not load'));
    document.head.append(script);
  });
  return library;
}

export const NODE = { width: 184, height: 46 };

/**
 * @param nodes ids
 * @param edges [from, to], drawn from left to right
 * @return Promise of { width, height, nodes: Map of id to {x, y} (its centre), edges: [{ from, to, points }] }
 */
export async function layout(nodes, edges) {
  const dagre = await load();
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 56, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  nodes.forEach(node => graph.setNode(node, { ...NODE }));
  edges.forEach(([from, to]) => graph.setEdge(from, to));
  dagre.layout(graph);
  const place = {
    width: Math.ceil(graph.graph().width),
    height: Math.ceil(graph.graph().height),
    nodes: new Map(graph.nodes().map(node => [node, graph.node(node)])),
    edges: graph.edges().map(({ v, w }) => ({ from: v, to: w, points: graph.edge(v, w).points })),
  };
  return folded(place);
}

/** A longer column does not fit on a screen. */
const ROWS = 16;
const GAP = 14, BETWEEN = 56, MARGIN = 8;

/** Splits each column that is too long into several columns, and centres all columns vertically. */
export function folded(place) {
  const columns = [...Map.groupBy(place.nodes, ([, { x }]) => Math.round(x))].sort(([a], [b]) => a - b).map(([, nodes]) => nodes);
  const longest = Math.max(0, ...columns.map(column => column.length));
  if (longest <= ROWS) return place;
  // The graph should be about twice as wide as high, like a screen.
  const rows = Math.max(ROWS, Math.ceil(Math.sqrt(longest * (NODE.width + GAP) / (NODE.height + GAP) / 2)));
  const nodes = new Map();
  const height = 2 * MARGIN + rows * (NODE.height + GAP) - GAP;
  let left = MARGIN;
  for (const column of columns) {
    const parts = Math.ceil(column.length / rows);
    const each = Math.ceil(column.length / parts);
    const top = (height - each * (NODE.height + GAP) + GAP) / 2;
    column.sort(([, a], [, b]) => a.y - b.y).forEach(([id], i) => nodes.set(id, {
      x: left + Math.floor(i / each) * (NODE.width + GAP) + NODE.width / 2,
      y: top + (i % each) * (NODE.height + GAP) + NODE.height / 2,
    }));
    left += parts * (NODE.width + GAP) - GAP + BETWEEN;
  }
  return { width: left - BETWEEN + MARGIN, height, nodes, edges: place.edges.map(edge => ({ ...edge, points: [] })) };
}

/** Removes edges that a longer path implies: a → c if a → b → c. */
export function reduced(edges) {
  const next = new Map();
  edges.forEach(([from, to]) => next.set(from, (next.get(from) ?? new Set()).add(to)));
  // Edges are checked one by one against the remaining edges: in a cycle, two edges may imply each other.
  return edges.filter(([from, to]) => !implied(from, to, next) || !next.get(from).delete(to));
}

function implied(start, goal, next) {
  const seen = new Set([start]);
  const open = [...next.get(start)].filter(node => node !== goal);
  while (open.length) {
    const node = open.pop();
    if (node === goal) return true;
    if (!seen.has(node)) {
      seen.add(node);
      open.push(...(next.get(node) ?? []));
    }
  }
  return false;
}

/** All nodes that are reachable from a node, along the edges in either direction. */
export function around(start, edges) {
  const found = new Set([start]);
  for (const [a, b] of [[0, 1], [1, 0]]) {
    const open = [start];
    while (open.length) {
      const node = open.pop();
      for (const edge of edges) {
        if (edge[a] === node && !found.has(edge[b])) {
          found.add(edge[b]);
          open.push(edge[b]);
        }
      }
    }
  }
  return found;
}
