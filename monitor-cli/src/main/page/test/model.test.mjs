// The model by itself. node --test runs it on what esbuild made of src.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { created, destroyed, joined, left, plausible, World } from './fake.mjs';

const { Model, sorted, isShared, layOut, itemAt, search, printable, lineOf, read, isOther } = await import(process.env.NSMON_PAGE_MODULES);

let seq = 0;
const event = (record) => ({ schema: 1, stream: 's', seq: ++seq, source: 'perf', time: '2026-11-23T10:00:00.000000Z', host: { name: 'h' }, ...record });
const state = (record) => ({ ...event(record), seq: undefined, source: 'baseline' });

function modelOf(world) {
  const model = new Model();
  for (const ns of world.namespaces.values()) model.apply(state(created(ns)), 0);
  for (const known of world.processes.values()) model.apply(state(joined(known)), 0);
  return model;
}

/** What must hold whatever has happened. */
function check(model) {
  for (const ns of model.namespaces.values()) {
    for (const member of ns.members) {
      assert.ok(member.namespaces.includes(ns));
      assert.equal(model.processes.get(member.key), member);
    }
    for (const group of ns.groups) assert.ok(group.uses.has(ns), `${group.key} uses ${ns.key}`);
    assert.ok(ns.initial || ns.groups.size > 0, `${ns.key} is shown somewhere`);
  }
  for (const group of model.groups.values()) {
    assert.ok(group.uses.size > 0);
    for (const [ns, n] of group.uses) {
      assert.equal(model.namespaces.get(ns.key), ns);
      if (!ns.died) assert.equal(n, [...ns.members].filter((one) => one.group === group).length);
    }
    const all = new Set([...group.uses.keys()].flatMap((ns) => [...ns.members]).filter((one) => one.group === group));
    assert.equal(group.processes, all.size, group.label);
  }
}

test('a host is what its records tell', () => {
  const world = plausible();
  const model = modelOf(world);
  check(model);
  assert.equal(model.size, world.namespaces.size);
  assert.equal(model.processes.size, world.processes.size);
  assert.equal(model.host, 'h');
});

test('a container has its name as soon as a record tells it', () => {
  const world = new World();
  const web = world.container(1);
  const model = modelOf(world);
  const group = model.groups.get('c ' + web.container.id);
  const id = group.label;
  web.container = { ...web.container, name: 'web', image: 'nginx' };
  const known = { ...web.processes[0], container: web.container };
  model.apply(event(joined(known)), 1);
  assert.equal(group.label, `${id} web`);
  check(model);
});

test('two containers in one net namespace share it, and each shows it', () => {
  const world = new World();
  const a = world.container(1);
  const b = world.container(2, { shared: { net: a.namespaces.net } });
  const model = modelOf(world);
  const net = model.namespaces.get(a.namespaces.net.key);
  assert.ok(isShared(net));
  for (const one of [a, b]) assert.ok(sorted(model.groups.get('c ' + one.container.id)).includes(net));
  assert.equal([...model.namespaces.values()].filter(isShared).length, 1);
  // When one of them has left, it is the other's alone.
  for (const known of b.processes) model.apply(event(left(known)), 1);
  assert.ok(!isShared(net));
  check(model);
});

test('what has lost its last process stays where it was until it is gone', () => {
  const world = new World();
  const one = world.container(1);
  const model = modelOf(world);
  for (const known of one.processes) model.apply(event(left(known)), 5);
  check(model);
  const group = model.groups.get('c ' + one.container.id);
  assert.equal(group.uses.size, 7);
  assert.equal(group.processes, 0);
  for (const ns of Object.values(one.namespaces)) model.apply(event(destroyed(ns)), 6);
  assert.equal(model.size, 8);
  assert.equal(model.fading, 7);
  assert.ok(!model.reap(5));
  assert.ok(model.reap(6));
  assert.equal(model.namespaces.size, 8);
  assert.equal(model.groups.size, 0);
});

test('a process that moves is in the new place only, and counted once', () => {
  const world = new World();
  const [a, b] = [world.namespace('net'), world.namespace('net')];
  const known = world.process('mover', [a]);
  const model = modelOf(world);
  model.apply(event(joined({ ...known, namespaces: [b] })), 3);
  assert.equal(model.namespaces.get(a.key).members.size, 0);
  assert.equal(model.namespaces.get(b.key).members.size, 1);
  check(model);
  // Back to the host's: it is no part of the picture any more.
  model.apply(event(joined({ ...known, namespaces: [world.namespaces.get('net:3')] })), 4);
  assert.equal(model.processes.size, 0);
  check(model);
});

test('records that contradict are believed', () => {
  const world = new World();
  const ns = world.namespace('net');
  const known = world.process('x', [ns]);
  const model = new Model();
  model.apply(event(left(known)), 1);
  model.apply(event(destroyed(ns)), 1);
  model.apply(event(joined(known)), 2);
  model.apply(event(created(ns)), 2);
  model.apply(event(joined(known)), 3);
  check(model);
  assert.equal(model.size, 1);
  model.apply(event(destroyed(ns)), 4);
  assert.equal(model.processes.size, 0);
  model.apply(event(created(ns)), 5);
  model.reap(10);
  assert.equal(model.size, 1);
});

test('a child told before its parent hangs below it all the same', () => {
  const world = new World();
  const upper = world.namespace('user');
  const lower = world.namespace('user', upper.key, upper.key);
  const owned = world.namespace('net', lower.key);
  const model = new Model();
  for (const ns of [owned, lower, upper]) model.apply(state(created(ns)), 0);
  assert.deepEqual([...model.namespaces.get(upper.key).children].map((ns) => ns.key), [lower.key]);
  assert.deepEqual([...model.namespaces.get(lower.key).owned].map((ns) => ns.key), [owned.key]);
});

test('any order of events leaves a sound model, in every view', () => {
  let seed = 42;
  const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
  const world = plausible();
  const model = modelOf(world);
  const events = [];
  for (const ns of world.namespaces.values()) if (!ns.initial) events.push(created(ns), destroyed(ns));
  for (const known of world.processes.values()) events.push(joined(known), left(known));
  for (let i = 0; i < 4000; i++) {
    model.apply(event(events[random(events.length)]), i + 1);
    if (random(9) === 0) model.reap(i - 20);
    if (i % 100 === 0) {
      check(model);
      for (const view of ['container', 'pid', 'user', 'type']) soundLayout(layOut(model, view, 900));
    }
  }
});

/** No two items stand in one place, and all are within their frames. */
function soundLayout({ blocks, height }) {
  const keys = new Set();
  for (const block of blocks) {
    assert.ok(!keys.has(block.key), `twice: ${block.key}`);
    keys.add(block.key);
    assert.ok(block.y + block.height <= height);
    if (block.parent) {
      assert.ok(block.y >= block.parent.y && block.y + block.height <= block.parent.y + block.parent.height);
      assert.ok(block.x >= block.parent.x && block.x + block.width <= block.parent.x + block.parent.width + 0.01);
    }
    const last = itemAt(block, block.items.length - 1);
    if (block.items.length > 0) assert.ok(last.y + 26 <= block.y + block.height);
  }
}

test('all views show all that there is, at any width', () => {
  const model = modelOf(World.of(1000));
  for (const width of [200, 360, 1000, 2400]) {
    for (const view of ['container', 'pid', 'user', 'type']) {
      const layout = layOut(model, view, width);
      soundLayout(layout);
      const shown = new Set();
      for (const { head, items } of layout.blocks) {
        if (head.is === 'namespace') shown.add(head.ns);
        for (const item of items) shown.add(item);
      }
      const all = [...model.namespaces.values()].filter((ns) => view !== 'pid' || ns.type === 'pid');
      assert.ok(all.every((ns) => shown.has(ns)), `${view} at ${width}`);
    }
  }
});

test('a search finds by inode, id, name, pid and container', () => {
  const world = plausible();
  const model = modelOf(world);
  const [one] = [...world.processes.values()].filter((known) => known.process.comm === 'postgres');
  const net = one.namespaces.find((ns) => ns.type === 'net');
  const keys = (query) => [...search(model, query)].map((ns) => ns.key);
  assert.deepEqual(keys(String(net.inode)), [net.key]);
  assert.deepEqual(keys(net.key), [net.key]);
  assert.deepEqual(keys('postgres net'), [net.key]);
  assert.equal(keys(String(one.process.pid)).length, one.namespaces.length);
  assert.equal(keys(one.container.id.slice(0, 12)).length, one.namespaces.length);
  assert.deepEqual(keys('nothing of this name'), []);
});

test('what does not print is escaped', () => {
  assert.equal(printable('a\u202Eb\n\x1b[1m\\é'), 'a\\u{202e}b\\n\\x1b[1m\\\\é');
  assert.equal(printable('<b>&'), '<b>&');
  const line = lineOf(event(joined(new World().process('a\u2066', [new World().namespace('net')]))));
  assert.ok(!line.who.includes('\u2066'));
});

test('a record of a kind that is not known is shown, and changes nothing', () => {
  const frozen = event({ kind: 'namespace-frozen', namespace: { type: 'net', key: 'net:8', inode: 9, initial: false }, process: { pid: 7, comm: 'x' } });
  const record = read(JSON.stringify(frozen));
  assert.ok(isOther(record));
  const line = lineOf(record);
  assert.equal(line.note, 'namespace-frozen, which this page does not know');
  assert.equal(line.who, '7 x');
  assert.deepEqual(line.places.map((ns) => ns.key), ['net:8']);
  for (const odd of [{ namespaces: [1, 2] }, { process: 'x' }, { namespace: 7 }, { namespaces: { net: 'x' } }]) {
    assert.ok(lineOf(read(JSON.stringify(event({ kind: 'host-suspended', ...odd })))).note);
  }
});

test('a namespace of a type that is not known is passed over', () => {
  const world = new World();
  const known = world.process('x', [world.namespace('net')]);
  const told = joined(known);
  told.namespaces.syslog = { type: 'syslog', key: 'syslog:1', initial: false };
  const model = new Model();
  model.apply(read(JSON.stringify(event(told))), 1);
  assert.deepEqual([...model.namespaces.keys()], [known.namespaces[0].key]);
  check(model);
  assert.ok(isOther(read(JSON.stringify(event({ kind: 'namespace-created', namespace: told.namespaces.syslog })))));
});

test('a namespace without an inode is called by its key', () => {
  const model = new Model();
  const ns = { type: 'time', key: 'time:unseen-7', initial: false };
  model.apply(read(JSON.stringify(event(created(ns)))), 1);
  const known = model.namespaces.get('time:unseen-7');
  assert.equal(known.inode, undefined);
  assert.ok(lineOf(event(created(ns))).text.includes('time:unseen-7'));
  assert.deepEqual([...search(model, 'unseen-7')], [known]);
  model.apply(event(created({ ...ns, inode: 9 })), 2);
  assert.equal(known.inode, 9);
  model.apply(event(created(ns)), 3);
  assert.equal(known.inode, 9);
});
