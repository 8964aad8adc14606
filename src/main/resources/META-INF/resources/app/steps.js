// The steps of a plan in groups: by cause, with causes that need a person first, and by composite. Pure.
import { words } from './format.js';

/** Whether the step withdraws access that another resource may still use: an approval then withdraws it at once. */
export const withdraws = step => step.verdict.reason === 'AccessInUse';

const URGENCY = ['Held', 'Follows', 'Blocked', 'Later', 'Go'];

/**
 * The steps by cause: the first replacement of the chain that they follow, or the reason why they are held.
 *
 * @return [{ type, title, message (if it is the same for all steps), steps }]
 */
export function causes(steps) {
  const byResource = new Map(steps.map(step => [step.resource, step]));
  const origins = new Map();
  const origin = step => {
    const way = [];
    let at = step;
    while (!origins.has(at) && at.verdict.type === 'Follows' && !way.includes(at) && byResource.has(at.verdict.on)) {
      way.push(at);
      at = byResource.get(at.verdict.on);
    }
    const first = origins.get(at) ?? at;
    way.forEach(one => origins.set(one, first));
    return first;
  };
  const groups = new Map();
  for (const step of steps) {
    const title = titled(step, origin(step));
    groups.set(title, [...(groups.get(title) ?? []), step]);
  }
  return [...groups].map(([title, members]) => {
    const messages = new Set(members.map(step => step.verdict.message ?? ''));
    return { type: members[0].verdict.type, title, steps: members, message: messages.size === 1 ? [...messages][0] : null };
  });
}

function titled(step, first) {
  const on = first === step ? step.verdict.on : first.resource;
  switch (step.verdict.type) {
    case 'Follows': return `Steps that follow the replacement of ${on}`;
    case 'Go': return 'Steps of the next pass';
    default: return words(step.verdict.reason ?? step.action);
  }
}

export const mostUrgentFirst = groups => [...groups].sort((a, b) => URGENCY.indexOf(a.type) - URGENCY.indexOf(b.type));

/** @param owners Map of resource to composite @return [{ owner (null: no composite), steps }], by name, steps without a composite last */
export const byComposite = (steps, owners) => [...Map.groupBy(steps, step => owners.get(step.resource) ?? null)]
  .map(([owner, members]) => ({ owner, steps: members }))
  .sort((a, b) => (a.owner === null) - (b.owner === null) || String(a.owner).localeCompare(String(b.owner), undefined, { numeric: true }));
