// Where the reader is: #/stack/view/Kind/name, the last two only while a resource is open.
export const VIEWS = ['resources', 'drift', 'plan', 'graph', 'events', 'revision'];

export function parse(hash) {
  const [stack, view, kind, name] = hash.replace(/^#\/?/, '').split('/').map(decode);
  return {
    stack: stack || null,
    view: VIEWS.includes(view) ? view : 'resources',
    resource: kind && name ? `${kind}/${name}` : null,
  };
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function to(stack, view = 'resources', resource = null) {
  const segments = [stack, view, ...(resource ? split(resource) : [])];
  return '#/' + segments.map(encodeURIComponent).join('/');
}

/** A kind has no slash, a name might. */
export function split(resource) {
  const slash = resource.indexOf('/');
  return [resource.slice(0, slash), resource.slice(slash + 1)];
}
