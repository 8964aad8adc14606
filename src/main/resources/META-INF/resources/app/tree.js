// Resources as people look at them: under the composites that made them, filtered.
import { worst } from './format.js';

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

/** The rows that stand for composites, by their ids, apart from the resources proper. */
export function apart(rows) {
  const owners = new Set(rows.map(row => row.metadata.owner).filter(Boolean));
  return {
    composites: new Map(rows.filter(row => owners.has(id(row))).map(row => [id(row), row])),
    resources: rows.filter(row => !owners.has(id(row))),
  };
}

/** Composites first, by name, each with its resources; then, under null, what no composite made. */
export function groups(resources, composites = new Map()) {
  return [...Map.groupBy(resources, resource => resource.metadata.owner ?? null)]
    .sort(([a], [b]) => (a === null) - (b === null) || String(a).localeCompare(String(b)))
    .map(([owner, members]) => ({
      owner, members, row: composites.get(owner) ?? null, status: worst(members.map(member => member.status.status)),
    }));
}

export const kinds = resources => [...new Set(resources.map(resource => resource.kind))].sort();

/** What depends on a resource. */
export const dependents = (resources, resource) =>
  resources.filter(other => other.status.dependsOn.includes(resource)).map(id);
