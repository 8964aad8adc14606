// What a reader may ask of the operator. Every one is taken up by the next pass, which comes within seconds.
import { act, get, leave, stackPath, Refused } from './api.js';
import { change, refresh, say, state } from './store.js';
import { count } from './format.js';

async function ask(done, method, path, body) {
  try {
    const answer = await act(method, path, body);
    if (answer) {
      const needs = [...new Set((answer.needs ?? []).map(step => step.resource))];
      say(needs.length === 0 ? done : `${done} Also needs ${needs.join(', ')} approved.`);
      await refresh();
      return true;
    }
    say('The request was not sent, because it needs the operator’s token, or somebody who has signed in.', 'warn');
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    say(`Refused: ${e.message}.`, 'bad');
  }
  return false;
}

export const reconcile = stack => ask(`A full pass over ${stack} was requested.`, 'POST', stackPath(stack, 'reconcile'));

export const retry = (stack, resource) =>
  ask(`${resource} will be tried again in the next pass.`, 'POST', stackPath(stack, 'retry'), { resource });

export const approve = (stack, steps) =>
  ask(`${count(steps.length, 'step')} approved; the next pass takes ${steps.length === 1 ? 'it' : 'them'} up.`, 'POST',
    stackPath(stack, 'approvals'), { steps: steps.map(step => step.hash) });

export const pause = (stack, resource, until, reason) =>
  ask(`${resource ?? stack} is paused until ${until.toLocaleString()}.`, 'POST', stackPath(stack, 'pause'),
    { ...(resource && { resource }), until: until.toISOString(), reason });

export const resume = (stack, resource) =>
  ask(`${resource ?? stack} is no longer paused.`, 'DELETE',
    stackPath(stack, 'pause') + (resource ? `?resource=${encodeURIComponent(resource)}` : ''));

export const open = dialog => change(s => { s.dialog = dialog; });
export const close = () => change(s => { s.dialog = null; });

/** @return Promise of what was typed, or null if it was not given */
export function tokenFromReader(why, signIn) {
  return new Promise(given => {
    change(s => { s.dialog = { type: 'token', why, signIn, given, before: s.dialog }; });
  });
}

/** Opens two revisions side by side. @param sides their SHA-256 */
export async function compare(stack, { from, to }) {
  const mine = { type: 'compare', stack, from, to, expanded: state.dialog?.expanded ?? false };
  open(mine);
  try {
    showIn(mine, { diff: await get(`${stackPath(stack, 'diff')}?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`) });
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    showIn(mine, { failure: e.message });
  }
}

/** Has the operator plan the way back. It reads the stack, and writes nothing. */
export async function planWayBack(stack, revision) {
  const mine = state.dialog;
  showIn(mine, { planning: true });
  try {
    const plan = await act('POST', stackPath(stack, 'rollback-plan'), { revision });
    showIn(mine, { planning: false, plan });
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    showIn(mine, { planning: false, refused: e.message });
  }
}

/** Shows the open dialog otherwise. */
export const show = what => showIn(state.dialog, what);

/** An answer that comes after the reader went on belongs to no dialog any more. */
function showIn(dialog, what) {
  Object.assign(dialog, what);
  change(() => {});
}

/** The browser forgets who has signed in, and the page begins anew. */
export async function signOut(path) {
  try {
    await leave(path);
    location.reload();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    say(e.message, 'bad');
  }
}
