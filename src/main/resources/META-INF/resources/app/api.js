// The operator's HTTP API. Relative to the page, so that it may be served under a prefix.
import { read } from './safe.js';

const BASE = new URL('api/v1/', document.baseURI);
const TOKEN = 'holdfast.token';

/** An answer that is not a success, or none at all (status 0). */
export class Refused extends Error {
  /** @param ways where people sign in, and out; each or null */
  constructor(status, detail, { signIn = null, signOut = null } = {}) {
    super(detail);
    this.status = status;
    this.signIn = signIn;
    this.signOut = signOut;
  }
}

let askForToken = async () => null;

/** @param ask (why, signIn) => Promise of a token, or null if nobody gives one */
export function onTokenWanted(ask) {
  askForToken = ask;
}

/** A stack's address, each segment escaped. */
export function stackPath(stack, ...segments) {
  return ['stacks', stack, ...segments].map(encodeURIComponent).join('/');
}

async function send(method, path, body, options = {}) {
  const headers = { Accept: options.accept ?? 'application/json' };
  const token = sessionStorage.getItem(TOKEN);
  if (method !== 'GET') headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(new URL(path, BASE), {
      method, headers, cache: 'no-store', credentials: 'same-origin', signal: options.signal,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, 'the operator does not answer');
  }
  if (!response.ok) {
    throw new Refused(response.status, await detail(response),
      { signIn: response.headers.get('Holdfast-Sign-In'), signOut: response.headers.get('Holdfast-Sign-Out') });
  }
  return response;
}

async function detail(response) {
  try {
    const problem = read(await response.text());
    return problem.detail || problem.title || `answer ${response.status}`;
  } catch {
    return `answer ${response.status}`;
  }
}

export async function get(path) {
  return read(await (await authorised('GET', path)).text());
}

/** Promise of the stream of what has changed: an answer whose body does not end. */
export const stream = signal => authorised('GET', 'stream', undefined, { accept: 'text/event-stream', signal });

/** Of many requests that need it, one asks for the token. Promise of whether it was given. */
let asking = null;
let declined = false;
const asked = (why, signIn) => asking ??= askForToken(why, signIn).then(token => {
  if (token) sessionStorage.setItem(TOKEN, token);
  declined = !token;
  return !declined;
}).finally(() => { asking = null; });

/** A person who did not give the token is not asked again before their next action. */
export const askAgain = () => { declined = false; };

/** The token is asked for when the operator wants one, and kept for this tab only. */
async function authorised(method, path, body, options) {
  for (;;) {
    const used = sessionStorage.getItem(TOKEN);
    try {
      return await send(method, path, body, options);
    } catch (e) {
      if (!(e instanceof Refused) || e.status !== 401) throw e;
      if (used === sessionStorage.getItem(TOKEN)) {
        sessionStorage.removeItem(TOKEN);
        if (declined || !await asked(used === null ? null : 'That is not the operator’s token.', e.signIn)) throw e;
      }
    }
  }
}

/** Has the browser forget who has signed in. @param path where that is asked for */
export async function leave(path) {
  await send('POST', new URL(path.replace(/^\//, ''), document.baseURI), {});
  sessionStorage.removeItem(TOKEN);
}

/**
 * Asks the operator to do something.
 * @return Promise of the answer, or of null if nobody gave a token
 */
export async function act(method, path, body) {
  askAgain();
  try {
    return read(await (await authorised(method, path, body)).text());
  } catch (e) {
    if (e instanceof Refused && e.status === 401) return null;
    throw e;
  }
}
