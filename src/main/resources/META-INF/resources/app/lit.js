// The one place that knows where the library lies: its version is the one in pom.xml.
export { html, svg, render, nothing } from '../webjars/lit-html/3.3.2/lit-html.js';
export { repeat } from '../webjars/lit-html/3.3.2/directives/repeat.js';
export { live } from '../webjars/lit-html/3.3.2/directives/live.js';
