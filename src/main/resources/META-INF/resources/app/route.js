// The reader's position: #/stack/view/Kind/name?filter=value. The kind and the name are present only while a resource is open. The
// whole position is in the address, so that Back, Reload and a shared link show the same view.
export const VIEWS = ['map', 'resources', 'drift', 'plan', 'graph', 'events', 'revision'];

const NO_FILTER = { text: '', kind: '', statuses: new Set(), sort: null };

/** @return the position; a null view means the map or the resources, depending on the stack */
export function parse(hash) {
  const [path, query] = hash.replace(/^#\/?/, '').split('?');
  const [stack, view, kind, name] = path.split('/').map(decode);
  return {
    stack: stack || null,
    view: VIEWS.includes(view) ? view : null,
    resource: kind && name ? `${kind}/${name}` : null,
    filter: filterOf(new URLSearchParams(query)),
  };
}

function filterOf(query) {
  return {
    text: query.get('text') ?? '',
    kind: query.get('kind') ?? '',
    statuses: new Set((query.get('status') ?? '').split(',').filter(Boolean)),
    sort: query.get('sort') || null,
  };
}

function queryOf({ text, kind, statuses, sort }) {
  const said = { text, kind, status: [...statuses].join(','), sort };
  const query = new URLSearchParams(Object.entries(said).filter(([, value]) => value)).toString();
  return query ? `?${query}` : '';
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** @param filter the members of the filter that differ from the unfiltered view */
export function to(stack, view = null, resource = null, filter = {}) {
  const segments = [stack, ...(resource || view ? [view ?? 'resources'] : []), ...(resource ? split(resource) : [])];
  return '#/' + segments.map(encodeURIComponent).join('/') + queryOf({ ...NO_FILTER, ...filter });
}

/** Splits at the first slash: a kind has no slash, but a name may have one. */
export function split(resource) {
  const slash = resource.indexOf('/');
  return [resource.slice(0, slash), resource.slice(slash + 1)];
}
