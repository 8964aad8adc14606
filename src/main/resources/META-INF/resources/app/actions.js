// The actions of a reader. The next pass, which starts within seconds, carries out each of them.
import { act, get, leave, stackPath, Refused } from './api.js';
import { change, refresh, say, state } from './store.js';
import { count } from './format.js';

async function ask(done, method, path, body) {
  try {
    const answer = await act(method, path, body);
    if (answer) {
      const needs = [...new Set((answer.needs ?? []).map(step => step.resource))];
      say(needs.length === 0 ? done : `${done} An approval of ${needs.join(', ')} is needed too.`);
      await refresh();
      return true;
    }
    say('The request was not sent, because it needs the operator’s token or a signed-in person.', 'warn');
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
  ask(`${count(steps.length, 'step')} approved; the next pass applies ${steps.length === 1 ? 'it' : 'them'}.`, 'POST',
    stackPath(stack, 'approvals'), { steps: steps.map(step => step.hash) });

export const pause = (stack, resource, until, reason) =>
  ask(`${resource ?? stack} is paused until ${until.toLocaleString()}.`, 'POST', stackPath(stack, 'pause'),
    { ...(resource && { resource }), until: until.toISOString(), reason });

export const resume = (stack, resource) =>
  ask(`${resource ?? stack} is no longer paused.`, 'DELETE',
    stackPath(stack, 'pause') + (resource ? `?resource=${encodeURIComponent(resource)}` : ''));

export const open = dialog => change(s => { s.dialog = dialog; });
export const close = () => change(s => { s.dialog = null; });

/** @return Promise of the token that the reader typed, or of null */
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

/** Requests the plan of a rollback. The operator reads the stack in AWS and writes nothing. */
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

/** Changes the content of the open dialog. */
export const show = what => showIn(state.dialog, what);

/** Changes the dialog of the request: an answer may arrive after the reader closed that dialog. */
function showIn(dialog, what) {
  Object.assign(dialog, what);
  change(() => {});
}

/** Deletes the session in the browser and reloads the page. */
export async function signOut(path) {
  try {
    await leave(path);
    location.reload();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    say(e.message, 'bad');
  }
}
