// The only module with the path of the library; its version must be the version in pom.xml.
export { html, svg, render, nothing } from '../webjars/lit-html/3.3.2/lit-html.js';
export { repeat } from '../webjars/lit-html/3.3.2/directives/repeat.js';
export { live } from '../webjars/lit-html/3.3.2/directives/live.js';
