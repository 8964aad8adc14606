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

/** Composites first, by name, each with its resources; then, under null, what no composite made. */
export function groups(resources) {
  const byOwner = new Map();
  const owners = new Set(resources.map(resource => resource.metadata.owner));
  for (const resource of resources) {
    // The row of a composite: the head of its group stands for it.
    if (owners.has(id(resource))) continue;
    const owner = resource.metadata.owner ?? null;
    if (!byOwner.has(owner)) byOwner.set(owner, []);
    byOwner.get(owner).push(resource);
  }
  return [...byOwner]
    .sort(([a], [b]) => (a === null) - (b === null) || String(a).localeCompare(String(b)))
    .map(([owner, members]) => ({ owner, members, status: worst(members.map(member => member.status.status)) }));
}

export const kinds = resources => [...new Set(resources.map(resource => resource.kind))].sort();

/** What depends on a resource. */
export const dependents = (resources, resource) =>
  resources.filter(other => other.status.dependsOn.includes(resource)).map(id);
