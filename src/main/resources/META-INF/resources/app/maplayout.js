// The positions of the map's boxes and lines: columns on a wide screen, two columns of rows on a narrow screen. Pure.
const WIDE = { width: 196, height: 86, gap: 14, between: 62, margin: 8 };
/** The box of the internet is small, because it has no status and no facts. */
const INTERNET = { width: 104, height: 40 };
const NARROW = { width: 158, height: 88, gap: 14, between: 34, margin: 12, gutter: 20 };

/** @return { width, height, at: Map of id to { x, y, width, height } (x and y of its corner), paths: [{ from, to, d }] } */
export const place = (nodes, edges, narrow) => (narrow ? rows(nodes, edges) : columns(nodes, edges));

const tiersOf = nodes => [...Map.groupBy(nodes, node => node.tier)].sort(([a], [b]) => a - b).map(([, tier]) => tier);

function columns(nodes, edges) {
  const { width, height, gap, between, margin } = WIDE;
  const tiers = tiersOf(nodes);
  const size = tier => tier.length * height + (tier.length - 1) * gap;
  const tallest = Math.max(...tiers.map(size));
  const at = new Map(), column = new Map();
  let x = margin;
  tiers.forEach((tier, i) => {
    const box = tier[0].kind === 'Internet' ? INTERNET : { width, height };
    tier.forEach((node, j) => {
      column.set(node.id, i);
      at.set(node.id, { x, y: margin + (tallest - size(tier)) / 2 + j * (height + gap) + (height - box.height) / 2, ...box });
    });
    x += box.width + between;
  });
  // A line that passes a column runs below all boxes: otherwise it would seem to lead into a box of that column.
  let lane = margin + tallest;
  const paths = edges.map(([from, on]) => {
    const a = at.get(from), b = at.get(on);
    const start = { x: a.x + a.width, y: a.y + a.height / 2 }, end = { x: b.x, y: b.y + b.height / 2 };
    if (column.get(on) - column.get(from) === 1) {
      const middle = (start.x + end.x) / 2;
      return { from, to: on, d: `M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}` };
    }
    lane += 14;
    return { from, to: on, d: bent([{ x: a.x + a.width / 2, y: a.y + a.height }, { x: a.x + a.width / 2, y: lane }, { x: end.x - 26, y: lane },
      { x: end.x - 26, y: end.y }, end]) };
  });
  return { width: x - between + margin, height: lane + margin, at, paths };
}

/** Lines into a tier run in the middle, and lines out of a tier at the edge, so that no line crosses a box. */
function rows(nodes, edges) {
  const { width, height, gap, between, margin, gutter } = NARROW;
  const whole = 2 * margin + 2 * width + gutter, centre = whole / 2;
  const at = new Map(), where = new Map();
  let y = 4;
  tiersOf(nodes).forEach((tier, i) => {
    const lines = Math.ceil(tier.length / 2);
    tier.forEach((node, j) => {
      const single = tier.length === 1;
      const line = Math.floor(j / 2);
      const box = node.kind === 'Internet' ? INTERNET : { width, height };
      at.set(node.id, { x: single ? centre - box.width / 2 : margin + (j % 2) * (width + gutter), y: y + line * (height + gap), ...box });
      where.set(node.id, { tier: i, line, last: line === lines - 1, side: single ? 'middle' : j % 2 ? 'right' : 'left' });
    });
    y += (lines - 1) * (height + gap) + at.get(tier[0].id).height + between;
  });
  const top = new Map([...where].map(([id, one]) => [one.tier, Math.min(at.get(id).y, ...[...where].filter(([, o]) => o.tier === one.tier).map(([o]) => at.get(o).y))]));
  const paths = edges.map(([from, on]) => ({ from, to: on, d: way(from, on) }));
  return { width: whole, height: y - between + 4, at, paths };

  function way(from, on) {
    const a = at.get(from), b = at.get(on), fromAt = where.get(from), onAt = where.get(on);
    const out = { x: a.x + a.width / 2, y: a.y + a.height }, into = { x: b.x + b.width / 2, y: b.y };
    const above = top.get(onAt.tier) - between / 2;
    if (onAt.tier - fromAt.tier === 1 && fromAt.last) {
      if (onAt.line === 0) return bent([out, { x: out.x, y: above }, { x: into.x, y: above }, into]);
      const edge = onAt.side === 'left' ? b.x + width : b.x;
      return bent([out, { x: out.x, y: above }, { x: centre, y: above }, { x: centre, y: b.y + height / 2 }, { x: edge, y: b.y + height / 2 }]);
    }
    const right = fromAt.side === 'right' || (fromAt.side === 'middle' && onAt.side === 'right');
    const rim = right ? whole - 4 : 4;
    const leaves = { x: right ? a.x + a.width : a.x, y: a.y + a.height / 2 };
    if (onAt.line === 0) return bent([leaves, { x: rim, y: leaves.y }, { x: rim, y: above }, { x: into.x, y: above }, into]);
    const side = onAt.side === 'right' ? whole - 4 : 4;
    const end = { x: onAt.side === 'right' ? b.x + width : b.x, y: b.y + height / 2 };
    return bent([leaves, { x: rim, y: leaves.y }, ...(side === rim ? [] : [{ x: rim, y: above }, { x: side, y: above }]), { x: side, y: end.y }, end]);
  }
}

/** A line of straight segments with round corners. */
function bent(points) {
  const way = points.filter((point, i) => i === 0 || point.x !== points[i - 1].x || point.y !== points[i - 1].y);
  let d = `M${way[0].x} ${way[0].y}`;
  for (let i = 1; i < way.length - 1; i++) {
    const [before, corner, after] = [way[i - 1], way[i], way[i + 1]];
    const radius = Math.min(8, distance(before, corner) / 2, distance(corner, after) / 2);
    const start = towards(corner, before, radius), end = towards(corner, after, radius);
    d += `L${start.x} ${start.y}Q${corner.x} ${corner.y} ${end.x} ${end.y}`;
  }
  return `${d}L${way.at(-1).x} ${way.at(-1).y}`;
}

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from, to, length) {
  const all = distance(from, to) || 1;
  return { x: from.x + (to.x - from.x) / all * length, y: from.y + (to.y - from.y) / all * length };
}
