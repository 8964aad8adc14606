// <hf-ago at="2026-01-01T00:00:00Z">: the time since or until a moment; the element updates itself.
import { at } from './format.js';

const alive = new Set();
let skew = 0;

/** Corrects the reader's clock by the operator's clock: a wrong clock must not make data seem old. */
export function serverTime(iso) {
  const off = Date.parse(iso) - Date.now();
  skew = Math.abs(off) < 2000 ? 0 : off;
}

export const now = () => Date.now() + skew;

export function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400 * 2) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}

class Ago extends HTMLElement {
  static observedAttributes = ['at'];
  #text = '';

  connectedCallback() {
    alive.add(this);
    this.tick();
  }

  disconnectedCallback() {
    alive.delete(this);
  }

  attributeChangedCallback() {
    const iso = this.getAttribute('at');
    this.title = iso ? at(iso) : '';
    this.tick();
  }

  tick() {
    const iso = this.getAttribute('at');
    const ms = now() - Date.parse(iso);
    const text = !iso ? '' : ms < -1000 ? `in ${span(-ms)}` : `${span(ms)} ago`;
    if (text !== this.#text) this.textContent = this.#text = text;
  }
}

customElements.define('hf-ago', Ago);
setInterval(() => alive.forEach(element => element.tick()), 1000);
