// News of the stacks, pushed; and while nothing is pushed, asked for.
import { streamUrl } from './api.js';
import { read } from './safe.js';

const POLL_MS = 5000;
/** The operator says something at least every 15 s; after this, the connection is dead though nobody said so. */
const SILENCE_MS = 40000;

/**
 * @param news called with what the stream told, or null: look at everything; and whether it is the first word of this
 *   connection: another operator may have taken over. Resolves to whether the operator answered
 * @param connection called with 'live', 'polling' (answers, but does not push) or 'lost'
 */
export function watch(news, connection) {
  let source, heard = 0, first = true, poll, away = false;

  function open() {
    source?.close();
    heard = Date.now();
    source = new EventSource(streamUrl());
    source.onopen = () => { first = true; };
    source.onmessage = async event => {
      heard = Date.now();
      clearTimeout(poll);
      poll = undefined;
      const fresh = first;
      first = false;
      const answered = await news(read(event.data), fresh);
      if (answered) connection('live');
      else lost();
    };
    source.onerror = lost;
  }

  function lost() {
    if (poll === undefined) look();
  }

  async function look() {
    poll = setTimeout(look, POLL_MS);
    if (!away && source.readyState === EventSource.CLOSED) open();
    connection(await news(null, false) ? 'polling' : 'lost');
  }

  // A page that is left may be kept for the way back, with its connection; a browser has six of them for one server.
  addEventListener('pagehide', () => {
    away = true;
    source.close();
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
