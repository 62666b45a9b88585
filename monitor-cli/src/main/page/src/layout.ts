// Layout of the picture, as numbers only. A block is a frame with a head, its items, and the blocks
// below it. Only blocks have stored positions; an item's position follows from its index.

import { type Group, type Model, type Namespace, type Process, sorted } from './model';
import { TYPES } from './record';

export const VIEWS = ['container', 'pid', 'user', 'type'] as const;
export type View = (typeof VIEWS)[number];

export type Item = { ns: Namespace; process?: undefined } | { ns?: undefined; process: Process };

export type Head =
  | { is: 'host' }
  | { is: 'group'; group: Group }
  | { is: 'namespace'; ns: Namespace }
  | { is: 'type'; type: string; count: number };

export interface Block {
  readonly key: string;
  readonly head: Head;
  readonly depth: number;
  readonly parent: Block | undefined;
  readonly items: readonly (Namespace | Process)[];
  /** Number of items that are not shown. */
  readonly more: number;
  columns: number;
  itemWidth: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The namespaces that match the search; the layout leaves out all others. */
export type Matches = ReadonlySet<Namespace>;

export interface Layout {
  readonly blocks: readonly Block[];
  readonly height: number;
}

export const HEAD = 34;
export const ITEM = 26;
export const GAP = 5;
const PAD = 10;
const BETWEEN = 12;
const ITEM_WIDTH = 138;
const CARD_WIDTH = 3 * (ITEM_WIDTH + 8 + GAP) - GAP + 2 * PAD;
/** Maximum number of processes shown of a namespace in the pid tree. */
const MOST_PROCESSES = 60;

interface Node {
  key: string;
  head: Head;
  items: readonly (Namespace | Process)[];
  more: number;
  children: Node[];
  grid: boolean;
}

export function layOut(model: Model, view: View, width: number, matches?: Matches): Layout {
  const blocks: Block[] = [];
  const roots = nodes(model, view, matches);
  let y = BETWEEN;
  for (const root of roots) {
    y = place(root, undefined, 0, BETWEEN, y, Math.max(120, width - 2 * BETWEEN), blocks) + BETWEEN;
  }
  return { blocks, height: y };
}

function place(
  node: Node,
  parent: Block | undefined,
  depth: number,
  x: number,
  y: number,
  width: number,
  to: Block[],
): number {
  const inner = width - 2 * PAD;
  const columns = Math.max(1, Math.floor((inner + GAP) / (ITEM_WIDTH + GAP)));
  const block: Block = {
    key: node.key,
    head: node.head,
    depth,
    parent,
    items: node.items,
    more: node.more,
    columns,
    itemWidth: Math.min(
      ITEM_WIDTH * 1.35,
      Math.floor((inner - (columns - 1) * GAP) / columns),
    ),
    x,
    y,
    width,
    height: 0,
  };
  to.push(block);
  let bottom = y + HEAD;
  const rows = Math.ceil(node.items.length / columns);
  if (rows > 0) bottom += rows * (ITEM + GAP) - GAP + PAD;
  else bottom += 2;
  if (node.children.length > 0) {
    bottom = node.grid
      ? placeGrid(node.children, block, x, bottom, width, to)
      : placeStack(node.children, block, x, bottom, width, to);
    bottom += PAD;
  }
  block.height = bottom - y;
  return bottom;
}

/** Places cards of equal width, each in the column that is shortest so far. */
function placeGrid(
  children: readonly Node[],
  parent: Block,
  x: number,
  y: number,
  width: number,
  to: Block[],
): number {
  const inner = width - 2 * PAD;
  const columns = Math.max(1, Math.floor((inner + BETWEEN) / (CARD_WIDTH + BETWEEN)));
  const card = (inner - (columns - 1) * BETWEEN) / columns;
  const bottoms = new Array<number>(columns).fill(y);
  for (const child of children) {
    let column = 0;
    for (let i = 1; i < columns; i++) {
      if (bottoms[i]! < bottoms[column]!) column = i;
    }
    const left = x + PAD + column * (card + BETWEEN);
    bottoms[column] =
      place(child, parent, parent.depth + 1, left, bottoms[column]!, card, to) + BETWEEN;
  }
  return Math.max(...bottoms) - BETWEEN;
}

function placeStack(
  children: readonly Node[],
  parent: Block,
  x: number,
  y: number,
  width: number,
  to: Block[],
): number {
  // With deep nesting, a full indent would leave no width for the innermost blocks.
  const indent = width > 260 ? PAD : 2;
  let bottom = y;
  for (const child of children) {
    const below = place(child, parent, parent.depth + 1, x + indent, bottom, width - 2 * indent, to);
    bottom = below + GAP + 2;
  }
  return bottom - GAP - 2;
}

function nodes(model: Model, view: View, matches: Matches | undefined): Node[] {
  switch (view) {
    case 'container':
      return [hostNode(model, matches)];
    case 'pid':
      return roots(model, 'pid', matches, (ns) => [...ns.members]);
    case 'user':
      return roots(model, 'user', matches, (ns) => [...ns.owned]);
    case 'type':
      return typeNodes(model, matches);
  }
}

function hostNode(model: Model, matches: Matches | undefined): Node {
  const initial: Namespace[] = [];
  for (const type of TYPES) {
    for (const ns of model.byType.get(type)!) {
      if (ns.initial) {
        initial.push(ns);
        break;
      }
    }
  }
  const groups = [...model.groups.values()]
    .map((group) => ({ group, order: kindOrder(group) * 1e12 + anchor(model, group) }))
    .sort((a, b) => a.order - b.order || a.group.serial - b.group.serial);
  const children: Node[] = [];
  for (const { group } of groups) {
    const items = filtered(sorted(group), matches);
    if (items.length > 0) {
      children.push({
        key: group.key,
        head: { is: 'group', group },
        items,
        more: 0,
        children: [],
        grid: false,
      });
    }
  }
  return { key: 'host', head: { is: 'host' }, items: filtered(initial, matches), more: 0, children, grid: true };
}

function filtered(all: readonly Namespace[], matches: Matches | undefined): readonly Namespace[] {
  return matches ? all.filter((ns) => matches.has(ns)) : all;
}

function kindOrder(group: Group): number {
  return { container: 0, sandbox: 1, unit: 2, kept: 3 }[group.kind];
}

/**
 * Sort key that places groups which share a namespace or a pod together: the serial of the oldest
 * of them.
 */
function anchor(model: Model, group: Group): number {
  let oldest = group.serial;
  for (const ns of group.uses.keys()) {
    if (ns.groups.size > 1) {
      for (const other of ns.groups) {
        if (other.kind === group.kind && other.serial < oldest) oldest = other.serial;
      }
    }
  }
  if (group.pod) {
    for (const other of podOf(model, group.pod)) {
      if (other.serial < oldest) oldest = other.serial;
    }
  }
  return oldest;
}

const pods = { model: undefined as Model | undefined, version: -1, of: new Map<string, Group[]>() };

function podOf(model: Model, pod: string): readonly Group[] {
  if (pods.model !== model || pods.version !== model.version) {
    pods.model = model;
    pods.version = model.version;
    pods.of.clear();
    for (const group of model.groups.values()) {
      if (group.pod) {
        const all = pods.of.get(group.pod);
        if (all) all.push(group);
        else pods.of.set(group.pod, [group]);
      }
    }
  }
  return pods.of.get(pod) ?? [];
}

function roots(
  model: Model,
  type: 'pid' | 'user',
  matches: Matches | undefined,
  itemsOf: (ns: Namespace) => (Namespace | Process)[],
): Node[] {
  const shown = matches ? withAncestors(model, type, matches) : undefined;
  const done = new Set<Namespace>();
  const node = (ns: Namespace): Node => {
    // Records may contain a cycle of parents.
    done.add(ns);
    let items = itemsOf(ns);
    if (matches) {
      items = items.filter((item) =>
        'members' in item ? matches.has(item) : item.namespaces.some((other) => matches.has(other)),
      );
    }
    if (type === 'user') (items as Namespace[]).sort(byTypeAndAge);
    const more = type === 'pid' ? Math.max(0, items.length - MOST_PROCESSES) : 0;
    const children: Node[] = [];
    for (const child of ns.children) {
      if (!done.has(child) && (!shown || shown.has(child))) children.push(node(child));
    }
    return {
      key: ns.key,
      head: { is: 'namespace', ns },
      items: more > 0 ? items.slice(0, MOST_PROCESSES) : items,
      more,
      children,
      grid: children.length > 1,
    };
  };
  const all: Node[] = [];
  for (const ns of model.byType.get(type)!) {
    if ((!shown || shown.has(ns)) && !model.namespaces.has(ns.parent)) all.push(node(ns));
  }
  return all;
}

function withAncestors(model: Model, type: string, matches: Matches): Set<Namespace> {
  const shown = new Set<Namespace>();
  const add = (from: Namespace | undefined) => {
    for (let ns = from; ns && !shown.has(ns); ns = model.namespaces.get(ns.parent)) shown.add(ns);
  };
  for (const ns of matches) {
    if (ns.type === type) {
      add(ns);
    } else if (type === 'user') {
      add(model.namespaces.get(ns.owner));
    } else {
      for (const member of ns.members) {
        for (const other of member.namespaces) if (other.type === type) add(other);
      }
    }
  }
  return shown;
}

function byTypeAndAge(a: Namespace, b: Namespace): number {
  return TYPES.indexOf(a.type) - TYPES.indexOf(b.type) || a.serial - b.serial;
}

function typeNodes(model: Model, matches: Matches | undefined): Node[] {
  return TYPES.map((type) => {
    const items = filtered([...model.byType.get(type)!], matches);
    return {
      key: 'type ' + type,
      head: { is: 'type' as const, type, count: items.length },
      items,
      more: 0,
      children: [],
      grid: false,
    };
  }).filter((node) => node.items.length > 0);
}

/** Position of an item of a block. */
export function itemAt(block: Block, index: number): { x: number; y: number } {
  const row = Math.floor(index / block.columns);
  const column = index % block.columns;
  return {
    x: block.x + PAD + column * (block.itemWidth + GAP),
    y: block.y + HEAD + row * (ITEM + GAP),
  };
}

/** Indexes `[from, to)` of the items whose rows touch this vertical range. */
export function itemsWithin(block: Block, top: number, bottom: number): [number, number] {
  const step = ITEM + GAP;
  const first = Math.max(0, Math.floor((top - block.y - HEAD) / step));
  const last = Math.ceil((bottom - block.y - HEAD) / step);
  return [first * block.columns, Math.min(block.items.length, Math.max(0, last) * block.columns)];
}
