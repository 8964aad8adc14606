// The map of a stack: from the internet through the CDN and the load balancer to the services and their stores of data. Computed
// from the stack's own resources and their references. Pure.
import { id } from './tree.js';
import { count, rank, ready, words } from './format.js';
import { to } from './route.js';

/** The tiers from left to right, or from top to bottom. */
const TIERS = { Internet: 0, Distribution: 1, LoadBalancer: 2, EcsService: 3, DbInstance: 4, DbCluster: 4, ReplicationGroup: 4,
  ServerlessCache: 4, Bucket: 4 };
const NOUNS = { Internet: '', Distribution: 'CDN', LoadBalancer: 'Load balancer', EcsService: 'Service', DbInstance: 'Database',
  DbCluster: 'Database', ReplicationGroup: 'Cache', ServerlessCache: 'Cache', Bucket: 'Bucket' };
const ORDER = Object.keys(TIERS);
const MORE = { Distribution: 'CDNs', LoadBalancer: 'Load balancers', EcsService: 'Services', Bucket: 'Buckets' };
/** The kinds between a service and the data that it uses, and the kinds between a listener and its load balancer. */
const VIA_DATA = new Set(['TaskDefinition', 'Secret', 'SecretRotation', 'Role', 'CacheUserGroup', 'CacheUser', 'DbInstance']);
const VIA_ENTRY = new Set(['TargetGroup', 'ListenerRule', 'Listener']);
/** A tier with more boxes is not readable; boxes with problems are drawn before the others. */
const MOST = 8;
export const INTERNET = 'Internet';

/** Whether the map has content: traffic, or data. */
export const drawable = resources => resources.some(one => TIERS[one.kind] !== undefined && one.kind !== 'Bucket');

/**
 * @param resources without the rows of composites
 * @param steps of the plan
 * @return { nodes: [{ id, kind, tier, noun, name, route, live, status, state, href, size }], edges: [[from, to]] };
 *   a node for several resources has a size and no resource
 */
export function map(resources, steps, stack) {
  const all = new Map(resources.map(one => [id(one), one]));
  // An orphaned resource is not part of the traffic.
  const drawn = resources.filter(one => TIERS[one.kind] !== undefined && one.status.status !== 'Orphaned' && !inCluster(one, all))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.metadata.name.localeCompare(b.metadata.name, undefined, { numeric: true }));
  const routes = new Map();
  const edges = [...entries(drawn, all, routes), ...services(drawn, all, routes), ...uses(drawn, all)];
  const led = new Set(edges.map(([, on]) => on));
  const open = drawn.filter(one => (one.kind === 'Distribution' && one.spec?.enabled !== false)
    || (one.kind === 'LoadBalancer' && one.spec?.scheme !== 'internal' && !led.has(id(one))));
  const about = new About(resources, steps, stack);
  const nodes = drawn.map(one => about.node(one, routes.get(id(one))));
  if (open.length) nodes.unshift({ id: INTERNET, kind: INTERNET, tier: 0, noun: '', name: INTERNET, status: 'Synced', state: '', href: null });
  return folded(nodes, [...open.map(one => [INTERNET, id(one)]), ...edges], stack);
}

const inCluster = (one, all) => one.kind === 'DbInstance' && one.status.dependsOn.some(on => all.get(on)?.kind === 'DbCluster');

/** The wanted resources that are reachable from a resource through resources of the given kinds. */
function reached(from, all, via, wanted) {
  const seen = new Set([from]), found = new Set(), open = [...all.get(from).status.dependsOn];
  while (open.length) {
    const next = open.pop();
    const one = all.get(next);
    if (!one || seen.has(next)) continue;
    seen.add(next);
    if (wanted(one)) found.add(next);
    else if (via.has(one.kind)) open.push(...one.status.dependsOn);
  }
  return [...found];
}

/** A distribution leads to the load balancers and buckets that its origins name: by their own names, or by the name of a DNS record. */
function entries(drawn, all, routes) {
  const byName = new Map();
  for (const one of [...all.values()].filter(other => other.status.status !== 'Orphaned')) {
    const { outputs, dependsOn } = one.status;
    if (one.kind === 'LoadBalancer') byName.set(lower(outputs.dnsName), [id(one)]);
    if (one.kind === 'Bucket') byName.set(lower(outputs.regionalDomainName), [id(one)]);
    if (one.kind === 'RecordSet') {
      const on = dependsOn.filter(other => all.get(other)?.kind === 'LoadBalancer');
      if (on.length) byName.set(lower(one.spec?.name), on);
    }
  }
  return drawn.filter(one => one.kind === 'Distribution').flatMap(cdn => {
    const direct = reached(id(cdn), all, new Set(['VpcOrigin']), one => one.kind === 'LoadBalancer');
    const origins = (cdn.spec?.origins ?? []).flatMap(origin => {
      const on = byName.get(lower(origin.domainName)) ?? [];
      const paths = (cdn.spec.cacheBehaviors ?? []).filter(path => path.targetOriginId === origin.id).map(path => path.pathPattern);
      on.forEach(other => addRoutes(routes, other, all.get(other).kind === 'Bucket' ? paths : []));
      return on;
    });
    return [...new Set([...direct, ...origins])].map(on => [id(cdn), on]);
  });
}

const lower = name => String(name ?? '').toLowerCase().replace(/\.$/, '');
const addRoutes = (routes, resource, paths) => routes.set(resource, [...new Set([...(routes.get(resource) ?? []), ...paths])]);

/** A load balancer leads to the services whose target groups its listeners and their rules name. */
function services(drawn, all, routes) {
  const users = Map.groupBy([...all.values()].filter(one => one.kind === 'ListenerRule' || one.kind === 'Listener')
    .flatMap(one => one.status.dependsOn.filter(on => on.startsWith('TargetGroup/')).map(on => [on, one])), ([on]) => on);
  return drawn.filter(one => one.kind === 'EcsService').flatMap(service => {
    const groups = service.status.dependsOn.filter(on => on.startsWith('TargetGroup/'));
    const listening = groups.flatMap(group => users.get(group) ?? []).map(([, one]) => one);
    addRoutes(routes, id(service), listening.flatMap(paths));
    const balancers = new Set(listening.flatMap(one => [...one.status.dependsOn.filter(on => all.get(on)?.kind === 'LoadBalancer'),
      ...reached(id(one), all, VIA_ENTRY, other => other.kind === 'LoadBalancer')]));
    return [...balancers].map(balancer => [balancer, id(service)]);
  });
}

const paths = rule => (rule.spec?.conditions ?? []).flatMap(one =>
  one.pathPatternConfig?.values ?? one.hostHeaderConfig?.values ?? one.values ?? []);

/** A service uses the databases, caches and buckets that its task, its secrets or its roles name. */
const uses = (drawn, all) => drawn.filter(one => one.kind === 'EcsService').flatMap(service =>
  reached(id(service), all, VIA_DATA, one => TIERS[one.kind] === 4 && !inCluster(one, all)).map(on => [id(service), on]));

/** The texts about a resource and the other parts of its composite. */
class About {
  constructor(resources, steps, stack) {
    this.owned = Map.groupBy(resources.filter(one => one.metadata.owner), one => one.metadata.owner);
    this.planned = Map.groupBy(steps, step => step.resource);
    this.drawnOf = Map.groupBy(resources.filter(one => TIERS[one.kind] !== undefined && one.metadata.owner), one => one.metadata.owner);
    this.stack = stack;
  }

  node(one, route) {
    const owner = one.metadata.owner;
    // If several boxes have one owner, no box represents the owner's other parts.
    const parts = owner && this.drawnOf.get(owner).length === 1 ? this.owned.get(owner) : [one];
    const own = one.status.status !== 'Synced' && one.status.status !== 'Orphaned' ? one : null;
    const worst = own ?? [...parts].sort((a, b) => rank(a.status.status) - rank(b.status.status))[0];
    const shown = worst.status.status === 'Orphaned' && worst !== one ? one : worst;
    const steps = parts.reduce((sum, part) => sum + (this.planned.get(id(part))?.length ?? 0), 0);
    return {
      id: id(one), kind: one.kind, tier: TIERS[one.kind], noun: NOUNS[one.kind], name: one.metadata.name, route: route ?? [],
      live: Object.values(one.status.facts ?? {})[0] ?? null, status: shown.status.status, state: this.state(one, shown, steps),
      href: to(this.stack.name, 'map', id(one)),
    };
  }

  state(one, shown, steps) {
    const health = ready(one);
    const said = [words(shown.status.status)];
    if (shown !== one && shown.status.status !== 'Synced') said[0] = `${words(shown.status.status)}: ${id(shown)}`;
    else if (shown.status.reason) said.push(words(shown.status.reason).toLowerCase());
    else if (health && health.status !== 'True') said.push(words(health.reason).toLowerCase());
    if (steps && shown.status.status === 'Synced') said.push(`${count(steps, 'step')} planned`);
    return said.join(', ');
  }
}

/** In a tier with too many boxes, one box replaces the boxes with the best statuses. */
function folded(nodes, edges, stack) {
  const home = new Map();
  const shown = [...Map.groupBy(nodes, node => `${node.tier} ${node.tier === 4 ? node.noun : ''}`)].flatMap(([, tier]) => {
    if (tier.length <= MOST) return tier;
    const worstFirst = [...tier].sort((a, b) => rank(a.status) - rank(b.status) || a.name.localeCompare(b.name, undefined, { numeric: true }));
    const rest = worstFirst.slice(MOST - 1);
    const { kind, noun } = rest[0];
    const more = {
      id: `more ${kind}`, kind, tier: rest[0].tier, noun: MORE[kind] ?? `${noun}s`, name: `${rest.length.toLocaleString()} more`, route: [], live: null,
      status: rest[0].status, state: summary(rest), href: to(stack.name, 'resources', null, { kind }), size: rest.length,
    };
    rest.forEach(node => home.set(node.id, more.id));
    const kept = new Set(worstFirst.slice(0, MOST - 1));
    return [...tier.filter(node => kept.has(node)), more];
  });
  const known = new Set(nodes.map(node => node.id));
  const at = node => home.get(node) ?? node;
  const pairs = new Map(edges.filter(pair => pair.every(end => known.has(end))).map(([from, on]) => [at(from), at(on)]).filter(([from, on]) => from !== on).map(pair => [pair.join(' '), pair]));
  return { nodes: shown, edges: [...pairs.values()] };
}

const summary = nodes => [...Map.groupBy(nodes, node => node.status)]
  .map(([status, some]) => `${some.length.toLocaleString()} ${words(status).toLowerCase()}`).join(', ');

/** The resources that are not drawn, by kind, the most frequent kind first. */
export function others(resources) {
  const kinds = Map.groupBy(resources.filter(one => TIERS[one.kind] === undefined), one => one.kind);
  return [...kinds].map(([kind, some]) => ({ kind, count: some.length })).sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind));
}
