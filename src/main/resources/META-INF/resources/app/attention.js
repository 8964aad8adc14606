// The problems that need a person, worst first: from the stack, its resources, its plan, its drift report and the alerts. Pure.
import { id } from './tree.js';
import { to } from './route.js';
import { count, words } from './format.js';
import { waiting } from './held.js';

/** By status, the title of its group, in the order of display. */
const OF_STATUS = {
  Stalled: n => `${n} stalled`,
  Failed: n => `${n} failed`,
  Unknown: n => `${n} cannot be read`,
};

/** By reason of a stack's condition, the view in which the reader can act. */
const CONDITION_VIEW = { RevisionRefused: 'revision', Unmanaged: 'revision' };

export const openDrift = known => (known.drift?.items ?? []).filter(item => item.state !== 'Repaired');

/**
 * @param known the data of the stack that was read so far
 * @param alerts the open alerts of all stacks
 * @return groups, each { word (its tone and its sign), title, brief (instead of a long title), href, total, entries: [{ resource, text, href, by, since }] };
 *   entries may be missing before the resources are read
 */
export function attention(stack, known, alerts) {
  const groups = stack.conditions.filter(one => one.type !== 'Paused').map(one => ofCondition(one, stack));
  for (const [status, title] of Object.entries(OF_STATUS)) {
    if (stack.counts[status]) groups.push(ofStatus(status, title, stack, known));
  }
  if (approvable(stack, known) > 0) groups.push(ofSteps(stack, known));
  const told = new Set(groups.flatMap(group => group.entries.map(entry => entry.resource)));
  const drifted = ofDrift(stack, known);
  const more = alerts.filter(alert => alert.stack === stack.name && !covered(alert, stack, told, drifted));
  if (more.length) groups.push(ofAlerts(more, stack));
  if (drifted) groups.push(drifted);
  return groups;
}

function ofCondition(one, stack) {
  const view = CONDITION_VIEW[one.reason] ?? 'events';
  return {
    word: one.reason === 'LeaseHeldElsewhere' ? 'Warning' : 'Alert', title: words(one.reason), total: 1, href: to(stack.name, view),
    entries: [{ resource: null, text: one.message, since: one.since, href: to(stack.name, view) }],
  };
}

function ofStatus(status, title, stack, known) {
  const owners = new Set((known.resources ?? []).map(one => one.metadata.owner));
  const those = (known.resources ?? []).filter(one => one.status.status === status && !owners.has(id(one)));
  return {
    word: status, title: title(stack.counts[status]), total: stack.counts[status],
    href: to(stack.name, 'resources', null, { statuses: new Set([status]) }),
    entries: those.map(one => ({
      resource: id(one), text: one.status.message ?? words(one.status.reason ?? ''), since: since(one, status),
      href: to(stack.name, 'resources', id(one)),
    })),
  };
}

const since = (resource, type) => resource.status.conditions.find(one => one.type === type)?.since ?? null;

/** The number of steps that an approval releases; steps that the mode or a pause holds do not count. */
const approvable = (stack, known) => known.plan?.steps.filter(step => step.approvable).length
  ?? (stack.mode === 'Observe' ? 0 : stack.heldSteps.held);

/** One entry per cause: in a plan over a limit, hundreds of steps wait for the same approval. */
function ofSteps(stack, known) {
  const { following } = stack.heldSteps;
  const held = approvable(stack, known);
  const href = to(stack.name, 'plan');
  const causes = Map.groupBy((known.plan?.steps ?? []).filter(step => step.approvable),
    step => `${step.verdict.reason} ${step.verdict.message}`);
  return {
    word: 'AwaitingApproval', href, total: held, brief: `${held} to approve`,
    title: `${count(held, 'step')} ${held === 1 ? 'waits' : 'wait'} for approval${following ? `, ${following} more ${following === 1 ? 'follows' : 'follow'}` : ''}`,
    entries: [...causes.values()].map(steps => ({
      resource: steps[0].resource, text: steps[0].verdict.message ?? words(steps[0].verdict.reason ?? ''), others: steps.length - 1,
      action: steps[0].action, href,
    })),
  };
}

function ofDrift(stack, known) {
  const items = openDrift(known);
  const n = items.length || stack.counts.Drifted;
  return !n ? null : {
    word: 'Drifted', title: `${n} drifted`, total: n, href: to(stack.name, 'drift'),
    entries: items.map(item => ({
      resource: item.resource, text: item.fields[0]?.words ?? words(item.type), others: 0, by: item.by ?? null,
      since: item.by?.at ?? item.firstSeen, href: to(stack.name, 'drift'),
    })),
  };
}

/** An alert is redundant if its resource is already listed, or if steps wait for approval. */
const covered = (alert, stack, told, drifted) => (alert.resource !== null
  ? told.has(alert.resource) || Boolean(drifted?.entries.some(entry => entry.resource === alert.resource))
  : stack.conditions.some(one => one.reason === alert.reason) || waiting(stack) > 0);

function ofAlerts(alerts, stack) {
  return {
    word: alerts.some(alert => alert.severity === 'Critical') ? 'Alert' : 'Warning',
    title: count(alerts.length, 'alert'), total: alerts.length, href: to(stack.name, 'events'),
    entries: alerts.map(alert => ({
      resource: alert.resource, text: alert.message, since: alert.since,
      href: alert.resource ? to(stack.name, 'resources', alert.resource) : to(stack.name, 'events'),
    })),
  };
}

/** The names of identity types; for a person who assumed a role, the role's name is shown instead. */
const IDENTITIES = { Root: 'root user', IamUser: 'IAM user', Federated: 'federated user', AwsAccount: 'another account', AwsService: 'AWS service' };

/** @return String such as "by alice (IAM user) through aws-cli/2.15 from 203.0.113.7", or empty */
export function byWords(by) {
  if (!by?.who) return '';
  const kind = by.role ? `role ${by.role}` : IDENTITIES[by.type];
  return [`by ${by.who}${kind ? ` (${kind})` : ''}`, by.through && `through ${by.through}`, by.from && `from ${by.from}`].filter(Boolean).join(' ');
}
