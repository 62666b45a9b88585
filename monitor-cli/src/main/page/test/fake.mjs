// A monitor that is none: serves the page and a made-up stream, so that the page can be tried without
// a kernel. Run by hand: node test/fake.mjs BUILT [CONTAINERS] [EVENTS_PER_SECOND], then http://127.0.0.1:8471/
// Its protocol is that of /events; what it serves at / has the headers of PageRoutes.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const TYPES = ['user', 'pid', 'mnt', 'net', 'ipc', 'uts', 'cgroup', 'time'];
const INITIAL_ID = { user: 4099, pid: 4100, mnt: 4, net: 3, ipc: 4098, uts: 1, cgroup: 5, time: 2 };
const HOST = { name: 'quiet-heron', id: '3d1219c7c4c5404aaa1f6d2a48adfda4', bootId: 'd69c24bb' };
const COMMS = ['nginx', 'postgres', 'redis-server', 'java', 'node', 'envoy', 'python3', 'grafana'];
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";
const CONTENT = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

/** What there is, in the words of the stream. */
export class World {
  namespaces = new Map();
  processes = new Map();
  #id = 9_000_000;
  #inode = 4_026_532_200;
  #pid = 1000;

  constructor() {
    for (const type of TYPES) {
      const initial = { type, inode: 4026531831 + TYPES.indexOf(type), id: String(INITIAL_ID[type]), key: `${type}:${INITIAL_ID[type]}`, initial: true };
      if (type === 'user') initial.ownerUid = 0;
      else initial.owner = 'user:4099';
      this.namespaces.set(initial.key, initial);
    }
  }

  namespace(type, owner = 'user:4099', parent) {
    const id = String(this.#id++);
    const ns = { type, inode: this.#inode++, id, key: `${type}:${id}`, initial: false, owner };
    if (type === 'pid') ns.parent = parent ?? 'pid:4100';
    if (type === 'user') Object.assign(ns, { parent: parent ?? 'user:4099', ownerUid: 0 });
    this.namespaces.set(ns.key, ns);
    return ns;
  }

  process(comm, namespaces, container, inner = 1) {
    const pid = this.#pid++;
    const process = { pid, startTicks: pid * 7, nsPids: [pid, inner], ppid: 1, comm, exe: `/usr/bin/${comm}`, uid: 0 };
    const known = { process, namespaces, container };
    this.processes.set(pid, known);
    return known;
  }

  /** @param shared namespaces of another container, by type, that this one uses instead of its own */
  container(n, { types = ['user', 'pid', 'mnt', 'net', 'ipc', 'uts', 'cgroup'], shared = {}, processes = 2, pod, comm, id } = {}) {
    const user = shared.user ?? (types.includes('user') ? this.namespace('user') : undefined);
    const all = types.map((type) => {
      if (type === 'user') return user;
      return shared[type] ?? this.namespace(type, user?.key);
    });
    const container = { id: id ?? (n * 2654435761 >>> 0).toString(16).padStart(8, '0').repeat(8), runtime: pod ? 'containerd' : 'docker' };
    if (pod) container.podUid = pod;
    const known = [];
    for (let i = 0; i < processes; i++) known.push(this.process(comm ?? COMMS[n % COMMS.length], all, container, i + 1));
    return { namespaces: Object.fromEntries(all.map((ns) => [ns.type, ns])), container, processes: known };
  }

  /** About this many namespaces: containers, of which every tenth shares with the one before. */
  static of(count) {
    const world = new World();
    let last;
    for (let n = 0; world.namespaces.size < count; n++) {
      const shares = n % 10 === 1 && last;
      last = world.container(n + 1, {
        shared: shares ? { net: last.namespaces.net, ipc: last.namespaces.ipc, user: last.namespaces.user } : {},
        processes: 1 + (n % 4),
      });
    }
    return world;
  }
}

export const joined = ({ process, namespaces, container }) => ({
  kind: 'process-joined',
  process,
  ...(container ? { container } : {}),
  namespaces: Object.fromEntries(namespaces.map(({ type, inode, id, key, initial }) => [type, { type, inode, id, key, initial }])),
});
export const joinedHost = (known) => ({ ...joined(known), attention: ['joined-host-mnt-namespace'] });
export const left = (known) => ({ ...joined(known), kind: 'process-left' });
export const created = (namespace, known) => ({
  kind: 'namespace-created', namespace,
  ...(known ? { process: known.process, ...(known.container ? { container: known.container } : {}) } : {}),
});
export const destroyed = (namespace) => ({ kind: 'namespace-destroyed', namespace, lifetimeMillis: 1234, evidence: 'kernel-id-gone' });

export class Fake {
  stream = 'a5b0c3f2';
  seq = 100;
  world;
  token;
  /** The last events as they were sent. */
  ring = [];
  ringSize = 100_000;
  asked = [];
  #clients = new Set();
  #server;
  #sockets;

  constructor(built, world = new World()) {
    this.world = world;
    this.#server = createServer((request, response) => this.#answer(built, request, response));
    this.#sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has('nsmon.json') ? 'nsmon.json' : false) });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  listen(port = 0) {
    return new Promise((done) => {
      this.#server.listen(port, '127.0.0.1', () => done(`http://127.0.0.1:${this.#server.address().port}/`));
    });
  }

  close() {
    this.cut();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Ends all connections without a word. */
  cut() {
    for (const client of this.#clients) client.terminate();
  }

  tell(record) {
    this.seq++;
    const text = JSON.stringify({ ...this.#common(), seq: this.seq, source: 'perf', ...record });
    this.ring.push({ seq: this.seq, text });
    if (this.ring.length > this.ringSize) this.ring.splice(0, this.ring.length - this.ringSize);
    for (const client of this.#clients) client.send(text);
  }

  #common() {
    return { schema: 1, stream: this.stream, time: new Date().toISOString().replace('Z', '000Z'), host: HOST };
  }

  #mayEnter(request) {
    if (!this.token) return true;
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/, */);
    const encoded = Buffer.from(this.token).toString('base64url');
    return request.headers.authorization === `Bearer ${this.token}` ||
      offered.includes(`base64url.bearer.authorization.nsmon.${encoded}`);
  }

  #answer(built, request, response) {
    const path = new URL(request.url, 'http://x').pathname;
    if (path === '/namespaces') {
      response.writeHead(this.#mayEnter(request) ? 200 : 401).end('[]');
      return;
    }
    const names = readFileSync(join(built, 'files.txt'), 'utf8').split('\n');
    const name = path === '/' ? 'index.html' : path.slice(1);
    if (!names.includes(name)) {
      response.writeHead(404).end();
      return;
    }
    const type = CONTENT[name.split('.').at(-1)];
    response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': POLICY });
    response.end(readFileSync(join(built, name)));
  }

  #upgrade(request, socket, head) {
    const url = new URL(request.url, 'http://x');
    if (url.pathname !== '/events' || !this.#mayEnter(request)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    this.asked.push(url.search);
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#subscribe(client, url.searchParams));
  }

  #subscribe(client, query) {
    client.on('close', () => this.#clients.delete(client));
    client.on('error', () => client.terminate());
    const since = query.has('since') ? Number(query.get('since')) : undefined;
    const first = this.ring[0]?.seq ?? this.seq + 1;
    if (since === undefined) {
      this.#state(client);
    } else if (query.get('stream') !== this.stream || since > this.seq) {
      // As States.lost of the server.
      client.send(JSON.stringify({ ...this.#common(), kind: 'events-lost', source: 'baseline', where: 'log' }));
      this.#state(client);
    } else if (since + 1 < first) {
      const lost = { kind: 'events-lost', source: 'poll', where: 'log', first: since + 1, last: first - 1, count: first - 1 - since };
      client.send(JSON.stringify({ ...this.#common(), ...lost }));
      this.#state(client);
    } else {
      for (const { seq, text } of this.ring) if (seq > since) client.send(text);
    }
    this.#clients.add(client);
  }

  #state(client) {
    const common = { ...this.#common(), source: 'baseline' };
    for (const ns of this.world.namespaces.values()) client.send(JSON.stringify({ ...common, ...created(ns) }));
    for (const known of this.world.processes.values()) client.send(JSON.stringify({ ...common, ...joined(known) }));
    const namespaces = {};
    for (const ns of this.world.namespaces.values()) namespaces[ns.type] = (namespaces[ns.type] ?? 0) + 1;
    const counts = { processes: this.world.processes.size + 70, unreadable: 0, namespaces };
    client.send(JSON.stringify({ ...common, seq: this.seq, kind: 'synced', counts }));
  }

  /** Containers come and go, in this many events a second, until it is stopped. */
  churn(perSecond) {
    const open = [];
    let n = 1_000_000;
    let due = 0;
    let last = performance.now();
    const step = () => {
      const now = performance.now();
      due += ((now - last) / 1000) * perSecond;
      last = now;
      while (due > 0) due -= open.length > 12 ? this.#end(open.shift()) : this.#begin(n++, open);
    };
    const timer = setInterval(step, 20);
    return () => clearInterval(timer);
  }

  #begin(n, open) {
    const one = this.world.container(n, { processes: 3 });
    const all = Object.values(one.namespaces);
    for (const ns of all) this.tell(created(ns, one.processes[0]));
    for (const known of one.processes) this.tell({ ...joined(known), process: { ...known.process, cause: 'fork' } });
    open.push(one);
    return all.length + one.processes.length;
  }

  #end(one) {
    const all = Object.values(one.namespaces);
    for (const known of one.processes) {
      this.world.processes.delete(known.process.pid);
      this.tell(left(known));
    }
    for (const ns of all) {
      this.world.namespaces.delete(ns.key);
      this.tell(destroyed(ns));
    }
    return all.length + one.processes.length;
  }
}

/** A host as there are many: pods, a sandbox, units, something kept by a mount, nested containers. */
export function plausible() {
  const world = new World();
  const pod = '6f9619ff-8b86-d011-b42d-00cf4fc964ff';
  const pause = world.container(1, { types: ['mnt', 'net', 'ipc', 'uts', 'pid', 'cgroup'], processes: 1, pod, comm: 'pause' });
  const { net, ipc, uts } = pause.namespaces;
  const types = ['mnt', 'net', 'ipc', 'uts', 'pid', 'cgroup'];
  world.container(2, { types, shared: { net, ipc, uts }, processes: 4, pod, comm: 'nginx' });
  world.container(3, { types, shared: { net, ipc, uts }, processes: 1, pod, comm: 'envoy' });
  world.container(4, { processes: 6, comm: 'postgres' });
  const web = world.container(5, { types: ['mnt', 'net', 'ipc', 'uts', 'pid', 'cgroup'], processes: 2, comm: 'node' });
  world.container(6, { types: ['mnt', 'net', 'ipc', 'uts', 'pid', 'cgroup'], shared: { net: web.namespaces.net }, processes: 1, comm: 'tcpdump' });
  world.container(7, { types: ['mnt', 'pid', 'cgroup'], processes: 3, comm: 'java' });
  const outer = world.container(8, { processes: 3, comm: 'dockerd' });
  const innerUser = world.namespace('user', outer.namespaces.user.key, outer.namespaces.user.key);
  const innerPid = world.namespace('pid', innerUser.key, outer.namespaces.pid.key);
  const innerMnt = world.namespace('mnt', innerUser.key);
  world.process('inner-init', [innerUser, innerPid, innerMnt], { id: 'f00dfeed'.repeat(8), runtime: 'docker' });
  for (const unit of ['systemd-logind.service', 'chrony.service', 'colord.service']) {
    world.process(unit.split('.')[0], [world.namespace('mnt'), ...(unit[0] === 'c' ? [world.namespace('uts')] : [])], { unit });
  }
  const user = world.namespace('user');
  const box = [user, world.namespace('pid', user.key), world.namespace('net', user.key)];
  for (let i = 0; i < 3; i++) world.process('chromium', box, undefined, i + 1);
  const kept = world.namespace('net');
  kept.holders = [{ kind: 'mount', path: '/run/netns/blue', mountNamespace: 'mnt:4' }];
  return world;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [built, containers = '0', rate = '4'] = process.argv.slice(2);
  const fake = new Fake(built, Number(containers) ? World.of(Number(containers)) : plausible());
  console.log(await fake.listen(8471));
  fake.churn(Number(rate));
}
