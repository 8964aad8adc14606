// A bare list of stacks, resources and drift; text goes in as text only.
const good = new Set(['Synced', 'Repaired', 'True']);
const busy = new Set(['Progressing', 'Waiting', 'Pending', 'Drifted', 'Repairing', 'Detected', 'Starting', 'Paused', 'Orphaned']);

function el(name, text, type) {
  const e = document.createElement(name);
  if (text !== undefined && text !== null) e.textContent = text;
  if (type) e.className = type;
  return e;
}
const colour = s => good.has(s) ? 'good' : busy.has(s) ? 'busy' : 'bad';

function table(heads, rows) {
  const t = el('table'), head = t.createTHead().insertRow();
  heads.forEach(h => head.append(el('th', h)));
  const body = t.createTBody();
  rows.forEach(cells => { const r = body.insertRow(); cells.forEach(c => { const d = r.insertCell(); d.append(c); }); });
  return t;
}

async function get(path) {
  const r = await fetch('/api/v1/stacks' + path);
  if (!r.ok) throw new Error(path + ' answers ' + r.status);
  return r.json();
}

async function section(stack) {
  const [resources, drift] = await Promise.all([get(`/${stack.name}/resources`), get(`/${stack.name}/drift`)]);
  const s = el('section');
  const h = el('h2', stack.name + ' ');
  h.append(el('span', stack.status, colour(stack.status)));
  s.append(h);
  s.append(el('p', `${stack.account ?? ''} ${stack.region ?? ''} revision ${(stack.revision ?? 'none').slice(0, 12)}` +
    (stack.lastPass ? `, last pass ${stack.lastPass.durationMs} ms, ${stack.lastPass.requests.total} requests, ${stack.lastPass.writes} writes` : ''), 'small'));
  stack.conditions.forEach(c => s.append(el('p', `${c.reason}: ${c.message}`, 'bad')));
  stack.revisionErrors.forEach(p => s.append(el('p', `${p.file}:${p.line}:${p.column} ${p.pointer} ${p.message}`, 'bad')));
  s.append(table(['Resource', 'Status', 'Ready', 'In AWS', ''], resources.items.map(r => {
    const ready = r.status.conditions.find(c => c.type === 'Ready');
    return [el('span', `${r.kind}/${r.metadata.name}`), el('span', r.status.status, colour(r.status.status)),
      el('span', ready ? ready.status : '', ready ? colour(ready.status) : ''), el('code', r.status.physicalId ?? ''),
      el('span', [r.status.reason, r.status.message].filter(Boolean).join(': '), 'small')];
  })));
  if (drift.items.length) {
    s.append(el('h3', 'Drift'));
    s.append(table(['Resource', 'What', 'State', 'Fields', 'Seen', 'Repaired'], drift.items.map(i => [
      el('span', i.resource), el('span', i.type), el('span', i.state, colour(i.state)),
      el('span', i.fields.map(f => `${f.path}: ${JSON.stringify(f.observed)} instead of ${JSON.stringify(f.desired)}`).join('; '), 'small'),
      el('span', new Date(i.firstSeen).toLocaleTimeString()), el('span', i.repairedAt ? new Date(i.repairedAt).toLocaleTimeString() : '')])));
  }
  return s;
}

async function refresh() {
  const age = document.getElementById('age');
  try {
    const stacks = await get('');
    const sections = await Promise.all(stacks.items.map(section));
    const main = document.getElementById('stacks');
    main.replaceChildren(...(sections.length ? sections : [el('p', 'No stack yet.')]));
    age.textContent = 'as of ' + new Date().toLocaleTimeString();
    age.className = 'small';
  } catch (e) {
    age.textContent = 'no answer: ' + e.message;
    age.className = 'bad';
  }
  setTimeout(refresh, 3000);
}
refresh();
