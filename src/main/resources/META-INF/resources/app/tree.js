// The resources in groups by composite, filtered and sorted.
import { rank, ready, since, worst } from './format.js';

export const id = resource => `${resource.kind}/${resource.metadata.name}`;

function matches(resource, filter) {
  if (filter.kind && resource.kind !== filter.kind) return false;
  if (filter.statuses.size && !filter.statuses.has(resource.status.status)) return false;
  const text = filter.text.trim().toLowerCase();
  if (!text) return true;
  const { physicalId, reason, message, status } = resource.status;
  const searched = [id(resource), resource.metadata.owner, physicalId, reason, message, status];
  return text.split(/\s+/).every(word => searched.some(part => part?.toLowerCase().includes(word)));
}

export const filtered = (resources, filter) => resources.filter(resource => matches(resource, filter));

export const filtering = filter => Boolean(filter.text.trim() || filter.kind || filter.statuses.size);

/** Separates the rows of composites (by their ids) from the resources. */
export function apart(rows) {
  const owners = new Set(rows.map(row => row.metadata.owner).filter(Boolean));
  return {
    composites: new Map(rows.filter(row => owners.has(id(row))).map(row => [id(row), row])),
    resources: rows.filter(row => !owners.has(id(row))),
  };
}

const moment = (iso, none) => (iso ? Date.parse(iso) : none);
const HEALTH = ['False', 'Unknown', undefined, 'True'];

/** By column, the value that is compared; the first order of a column puts the most interesting rows first. */
const COMPARED = {
  status: one => rank(one.status.status),
  name: id,
  health: one => HEALTH.indexOf(ready(one)?.status),
  since: one => -moment(since(one), 0),
  read: one => moment(one.status.observedAt, 0),
  changed: one => -moment(one.status.lastChange?.at, 0),
};

export const COLUMNS = { name: 'Resource', status: 'Status', health: 'Health', since: 'Since', read: 'Read', changed: 'Changed' };

/** @param sort a column, with a leading minus for the reverse order; null: the worst status first */
export function order(sort) {
  const column = (sort ?? 'status').replace(/^-/, '');
  const of = COMPARED[column] ?? COMPARED.status;
  const way = sort?.startsWith('-') ? -1 : 1;
  return (a, b) => way * compare(of(a), of(b)) || compare(id(a), id(b));
}

const compare = (a, b) => (typeof a === 'string' ? a.localeCompare(b, undefined, { numeric: true }) : a - b);

/**
 * The resources by their composites; the key null has the resources without a composite. The order applies to the members of each
 * group, and to the groups by their first members.
 */
export function groups(resources, composites = new Map(), sort = null) {
  const first = order(sort);
  return [...Map.groupBy(resources, resource => resource.metadata.owner ?? null)]
    .map(([owner, members]) => ({
      owner, members: [...members].sort(first), row: composites.get(owner) ?? null, status: worst(members.map(member => member.status.status)),
    }))
    .sort((a, b) => between(sort, a, b) || (a.owner === null) - (b.owner === null) || String(a.owner).localeCompare(String(b.owner), undefined, { numeric: true }));
}

/** Compares groups by their own names if the column is the name, otherwise by their first members. */
function between(sort, a, b) {
  const column = sort?.replace(/^-/, '') ?? 'status';
  if (column === 'name') return a.owner === null || b.owner === null ? 0 : (sort === 'name' ? 1 : -1) * a.owner.localeCompare(b.owner);
  const of = COMPARED[column] ?? COMPARED.status;
  return (sort?.startsWith('-') ? -1 : 1) * (of(a.members[0]) - of(b.members[0]));
}

export const kinds = resources => [...new Set(resources.map(resource => resource.kind))].sort();

/** The resources that depend on a resource. */
export const dependents = (resources, resource) =>
  resources.filter(other => other.status.dependsOn.includes(resource)).map(id);
