// Where the reader is: #/stack/view/Kind/name?what=is&shown=there. The kind and the name stand there only while a resource is
// open. All of it is in the address, so that Back, Reload and a link that is sent to somebody do what people expect.
export const VIEWS = ['map', 'resources', 'drift', 'plan', 'graph', 'events', 'revision'];

const NO_FILTER = { text: '', kind: '', statuses: new Set(), sort: null };

/** @return view null: that which shows most, once it is known what the stack has */
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

/** @param filter what of the filter is not as in a view that nobody filtered */
export function to(stack, view = null, resource = null, filter = {}) {
  const segments = [stack, ...(resource || view ? [view ?? 'resources'] : []), ...(resource ? split(resource) : [])];
  return '#/' + segments.map(encodeURIComponent).join('/') + queryOf({ ...NO_FILTER, ...filter });
}

/** A kind has no slash, a name might. */
export function split(resource) {
  const slash = resource.indexOf('/');
  return [resource.slice(0, slash), resource.slice(slash + 1)];
}
