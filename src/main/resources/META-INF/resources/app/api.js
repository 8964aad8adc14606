// The operator's HTTP API. Its URLs are relative to the page, so that a proxy may serve the page under a prefix.
import { read } from './safe.js';

const BASE = new URL('api/v1/', document.baseURI);
const TOKEN = 'holdfast.token';

/** An answer that is not a success, or a missing answer (status 0). */
export class Refused extends Error {
  /** @param ways the paths to sign in and to sign out, each or null */
  constructor(status, detail, { signIn = null, signOut = null } = {}) {
    super(detail);
    this.status = status;
    this.signIn = signIn;
    this.signOut = signOut;
  }
}

let askForToken = async () => null;

/** @param ask (why, signIn) => Promise of a token, or of null if the reader gives no token */
export function onTokenWanted(ask) {
  askForToken = ask;
}

/** The path of a stack, with each segment escaped. */
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

/** Promise of the stream of changes: an answer whose body does not end. */
export const stream = signal => authorised('GET', 'stream', undefined, { accept: 'text/event-stream', signal });

/** If many requests need the token, only one asks the reader. Promise of whether the reader gave a token. */
let asking = null;
let declined = false;
const asked = (why, signIn) => asking ??= askForToken(why, signIn).then(token => {
  if (token) sessionStorage.setItem(TOKEN, token);
  declined = !token;
  return !declined;
}).finally(() => { asking = null; });

/** After a reader gave no token, the page asks again only for the reader's next action. */
export const askAgain = () => { declined = false; };

/** Sends a request. If the operator needs a token, asks the reader, and keeps the token for this tab only. */
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

/** Deletes the session and the token in the browser. @param path the path to sign out */
export async function leave(path) {
  await send('POST', new URL(path.replace(/^\//, ''), document.baseURI), {});
  sessionStorage.removeItem(TOKEN);
}

/**
 * Sends an action to the operator.
 * @return Promise of the answer, or of null if the reader gave no token
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
