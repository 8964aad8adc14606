// Changes of the stacks: the operator pushes them; while the stream is down, the page polls.
import { stream } from './api.js';
import { read } from './safe.js';

const POLL_MS = 5000;
/** The operator sends an event at least every 15 s; after this silence, the connection counts as dead. */
const SILENCE_MS = 40000;

/**
 * @param news called with an event of the stream (null: read everything), and with whether the event is the first of this
 *   connection, so that another operator may have taken over. Resolves to whether the operator answered
 * @param connection called with 'live', 'polling' (answers, but does not push) or 'lost'
 */
export function watch(news, connection) {
  let connected = new AbortController(), heard = 0, first = true, poll, away = false;

  /** Uses fetch, because an EventSource cannot send the token. */
  async function open() {
    connected.abort();
    const mine = connected = new AbortController();
    heard = Date.now();
    try {
      const reader = (await stream(mine.signal)).body.pipeThrough(new TextDecoderStream()).getReader();
      first = true;
      for (let text = '', part; !(part = await reader.read()).done;) {
        const events = (text + part.value).split('\n\n');
        text = events.pop();
        for (const event of events) {
          const data = event.split('\n').filter(line => line.startsWith('data:')).map(line => line.slice(5)).join('\n');
          if (data && mine === connected) await told(data);
        }
      }
    } catch {
      // A refused and a cut connection have the same consequence.
    }
    mine.abort();
    if (mine === connected) lost();
  }

  async function told(data) {
    heard = Date.now();
    clearTimeout(poll);
    poll = undefined;
    const fresh = first;
    first = false;
    if (await news(read(data), fresh)) connection('live');
    else lost();
  }

  function lost() {
    if (poll === undefined) look();
  }

  async function look() {
    poll = setTimeout(look, POLL_MS);
    if (!away && connected.signal.aborted) open();
    connection(await news(null, false) ? 'polling' : 'lost');
  }

  // A browser may keep a left page, with its connection, for Back, and it allows only six connections to one server.
  addEventListener('pagehide', () => {
    away = true;
    connected.abort();
  });
  addEventListener('pageshow', event => {
    away = false;
    if (event.persisted) open();
  });

  setInterval(() => {
    if (!away && Date.now() - heard > SILENCE_MS) {
      open();
      lost();
    }
  }, POLL_MS);
  open();
}
