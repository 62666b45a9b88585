// Model of the host, made from the records of the stream. Pure: no DOM, no clock of its own.
//
// After a gap a record may contradict the model. Then the record is right, as in HostState of the
// monitor. A namespace that is created twice is replaced; an unknown one that a join names is
// added.

import {
  TYPES,
  type ContainerRecord,
  type Holder,
  type Identity,
  type NamespaceRecord,
  type NsType,
  type ProcessRecord,
  type StreamRecord,
} from './record';
import { containerLabel, kernelName, printable } from './text';

export interface Namespace extends Identity {
  parent: string;
  owner: string;
  ownerUid: number | undefined;
  holders: readonly Holder[];
  readonly members: Set<Process>;
  /**
   * Groups with processes in it. After the last process has left, its group stays; before the first
   * one it is the group `kept`.
   */
  readonly groups: Set<Group>;
  /** Child namespaces of the same type. */
  readonly children: Set<Namespace>;
  /** Namespaces of other types that this user namespace owns. */
  readonly owned: Set<Namespace>;
  /** Order of arrival. */
  readonly serial: number;
  /** Time of creation in ms since 1970; 0 if the page received no event of it. */
  createdAt: number;
  /** Times on the caller's clock; 0 for never, and for what a state contained. */
  born: number;
  changed: number;
  died: number;
}

export interface Process extends ProcessRecord {
  readonly key: string;
  readonly container: ContainerRecord | undefined;
  readonly group: Group;
  readonly namespaces: readonly Namespace[];
}

export type GroupKind = 'container' | 'unit' | 'sandbox' | 'kept';

/** Processes that are shown together, and their namespaces. */
export interface Group {
  readonly key: string;
  readonly kind: GroupKind;
  label: string;
  readonly detail: string;
  readonly pod: string;
  readonly serial: number;
  /** Name of its first process that had one. */
  comm: string;
  processes: number;
  /** Number of its processes in each namespace; 0 after the last one has left. */
  readonly uses: Map<Namespace, number>;
  /** The same namespaces in display order; computed on demand, cleared when they change. */
  sorted: Namespace[] | undefined;
}

const ORDER = new Map<NsType, number>(TYPES.map((type, i) => [type, i]));

export class Model {
  readonly namespaces = new Map<string, Namespace>();
  readonly processes = new Map<string, Process>();
  readonly groups = new Map<string, Group>();
  readonly byType = new Map<NsType, Set<Namespace>>(TYPES.map((type) => [type, new Set()]));
  host = '';
  /** Incremented with each change. */
  version = 0;
  private serial = 0;
  private dying: Namespace[] = [];
  /** Namespaces whose parent or owner is unknown yet, by the key of that one. */
  private readonly waiting = new Map<string, Set<Namespace>>();

  /** Number of namespaces, without destroyed ones that still fade. */
  get size(): number {
    return this.namespaces.size - this.dying.length;
  }

  /** @param now on the caller's clock, above 0; 0 for a record of the initial state */
  apply(record: StreamRecord, now: number): void {
    if (record.host?.name) this.host = printable(record.host.name);
    switch (record.kind) {
      case 'namespace-created': {
        const ns = this.create(record.namespace, now);
        if (record.source !== 'baseline') ns.createdAt = Date.parse(record.time);
        break;
      }
      case 'process-joined':
        this.join(record.process, record.container, Object.values(record.namespaces), now);
        break;
      case 'process-left':
        this.leave(this.processes.get(processKey(record.process)), now);
        break;
      case 'namespace-destroyed':
        this.destroy(record.namespace.key, now);
        break;
      case 'synced':
      case 'events-lost':
        return;
    }
    this.version++;
  }

  private create(told: NamespaceRecord, now: number): Namespace {
    const known = this.namespaces.get(told.key);
    const ns = known && !known.died ? known : this.add(told, now);
    if (told.inode !== undefined) ns.inode = told.inode;
    ns.initial = told.initial;
    ns.holders = told.holders ?? ns.holders;
    ns.ownerUid = told.ownerUid ?? ns.ownerUid;
    if (told.id !== undefined) ns.id = told.id;
    if (told.parent && told.parent !== ns.parent) {
      this.hang(ns, ns.parent, told.parent, (above) => above.children);
      ns.parent = told.parent;
    }
    if (told.owner && told.owner !== ns.owner) {
      if (ns.type !== 'user') this.hang(ns, ns.owner, told.owner, (above) => above.owned);
      ns.owner = told.owner;
    }
    if (ns.groups.size === 0 && !ns.initial) this.use(this.kept(), ns, 0);
    return ns;
  }

  private add(told: Identity, now: number): Namespace {
    const before = this.namespaces.get(told.key);
    if (before) this.forget(before);
    const ns: Namespace = {
      type: told.type,
      ...(told.inode === undefined ? {} : { inode: told.inode }),
      key: told.key,
      initial: told.initial,
      ...(told.id === undefined ? {} : { id: told.id }),
      parent: '',
      owner: '',
      ownerUid: undefined,
      holders: [],
      members: new Set(),
      groups: new Set(),
      children: new Set(),
      owned: new Set(),
      serial: this.serial++,
      createdAt: 0,
      born: now,
      changed: 0,
      died: 0,
    };
    this.namespaces.set(ns.key, ns);
    this.byType.get(ns.type)?.add(ns);
    for (const below of this.waiting.get(ns.key) ?? []) {
      if (below.parent === ns.key) ns.children.add(below);
      if (below.owner === ns.key && below.type !== 'user') ns.owned.add(below);
    }
    this.waiting.delete(ns.key);
    return ns;
  }

  private hang(ns: Namespace, from: string, to: string, side: (of: Namespace) => Set<Namespace>) {
    const before = this.namespaces.get(from);
    if (before) side(before).delete(ns);
    const above = this.namespaces.get(to);
    if (above) {
      side(above).add(ns);
    } else {
      const others = this.waiting.get(to);
      if (others) others.add(ns);
      else this.waiting.set(to, new Set([ns]));
    }
  }

  private join(
    told: ProcessRecord,
    container: ContainerRecord | undefined,
    places: readonly Identity[],
    now: number,
  ): void {
    const key = processKey(told);
    const before = this.processes.get(key);
    const namespaces = places.map((place) => {
      const known = this.namespaces.get(place.key);
      return known && !known.died ? known : this.create(place, now);
    });
    const inside = namespaces.filter((ns) => !ns.initial);
    if (before) this.leave(before, 0);
    // The picture leaves out processes that are in initial namespaces only.
    if (inside.length === 0) return;
    const group = this.groupOf(told, container, inside);
    const process: Process = { ...told, key, container, group, namespaces: inside };
    group.processes++;
    if (!group.comm && told.comm) group.comm = printable(told.comm);
    this.processes.set(key, process);
    for (const ns of inside) {
      ns.members.add(process);
      this.use(group, ns, 1);
      if (now && ns.born !== now) ns.changed = now;
    }
  }

  private leave(process: Process | undefined, now: number): void {
    if (!process) return;
    this.processes.delete(process.key);
    process.group.processes--;
    for (const ns of process.namespaces) {
      if (!ns.members.delete(process)) continue;
      const left = (process.group.uses.get(ns) ?? 1) - 1;
      if (left > 0 || ns.groups.size === 1) {
        // The group of its last process keeps an empty namespace visible until it is destroyed.
        process.group.uses.set(ns, left);
      } else {
        this.drop(process.group, ns);
      }
      if (now) ns.changed = now;
    }
  }

  private use(group: Group, ns: Namespace, count: number): void {
    const before = group.uses.get(ns);
    group.uses.set(ns, (before ?? 0) + count);
    if (before !== undefined) return;
    group.sorted = undefined;
    ns.groups.add(group);
    for (const other of ns.groups) {
      if (other !== group && other.uses.get(ns) === 0) this.drop(other, ns);
    }
  }

  private drop(group: Group, ns: Namespace): void {
    group.uses.delete(ns);
    group.sorted = undefined;
    ns.groups.delete(group);
    if (group.uses.size === 0) this.groups.delete(group.key);
  }

  private destroy(key: string, now: number): void {
    const ns = this.namespaces.get(key);
    if (!ns || ns.died) return;
    for (const member of ns.members) {
      const others = member.namespaces.filter((other) => other !== ns);
      if (others.every((other) => other.died)) {
        this.processes.delete(member.key);
        member.group.processes--;
      }
    }
    ns.members.clear();
    ns.died = now;
    if (now) this.dying.push(ns);
    else this.forget(ns);
  }

  /** Removes namespaces that were destroyed up to this time; returns whether there were any. */
  reap(before: number): boolean {
    let n = 0;
    for (const ns of this.dying) {
      if (ns.died > before) break;
      this.forget(ns);
      n++;
    }
    if (n === 0) return false;
    this.dying = this.dying.slice(n);
    this.version++;
    return true;
  }

  get fading(): number {
    return this.dying.length;
  }

  private forget(ns: Namespace): void {
    // Another namespace may have its key by now.
    if (this.namespaces.get(ns.key) === ns) this.namespaces.delete(ns.key);
    this.byType.get(ns.type)?.delete(ns);
    for (const group of [...ns.groups]) this.drop(group, ns);
    this.namespaces.get(ns.parent)?.children.delete(ns);
    this.namespaces.get(ns.owner)?.owned.delete(ns);
  }

  private groupOf(
    told: ProcessRecord,
    container: ContainerRecord | undefined,
    inside: readonly Namespace[],
  ): Group {
    const pod = container?.podUid ?? '';
    if (container?.id) {
      const detail = pod ? `pod ${printable(pod)}` : '';
      const label = containerLabel(container);
      const group = this.group('c ' + container.id, 'container', label, detail, pod);
      // The container runtime may report the name late.
      if (container.name) group.label = label;
      return group;
    }
    if (container?.unit) {
      return this.group('u ' + container.unit, 'unit', containerLabel(container), '', '');
    }
    // Without a container, the leader decides the group: the namespace whose type comes first in
    // TYPES.
    let leader = inside[0]!;
    for (const ns of inside) {
      if (rank(ns.type) < rank(leader.type)) leader = ns;
    }
    const label = told.comm ? printable(told.comm) : `pid ${told.pid}`;
    return this.group('s ' + leader.key, 'sandbox', label, kernelName(leader), '');
  }

  private kept(): Group {
    return this.group('k', 'kept', 'No process inside', 'kept by a mount, a descriptor or a child', '');
  }

  private group(key: string, kind: GroupKind, label: string, detail: string, pod: string): Group {
    let group = this.groups.get(key);
    if (!group) {
      group = {
        key,
        kind,
        label,
        detail,
        pod,
        serial: this.serial++,
        comm: '',
        processes: 0,
        uses: new Map(),
        sorted: undefined,
      };
      this.groups.set(key, group);
    }
    return group;
  }
}

export function processKey(process: ProcessRecord): string {
  return process.tid ? `${process.pid}/${process.tid}` : `${process.pid}`;
}

function rank(type: NsType): number {
  return ORDER.get(type) ?? TYPES.length;
}

/** The namespaces of a group by type, then by age, the oldest first. */
export function sorted(group: Group): readonly Namespace[] {
  group.sorted ??= [...group.uses.keys()].sort(
    (a, b) => rank(a.type) - rank(b.type) || a.serial - b.serial,
  );
  return group.sorted;
}

/** Whether more than one group has processes in it. */
export function isShared(ns: Namespace): boolean {
  return ns.groups.size > 1;
}
