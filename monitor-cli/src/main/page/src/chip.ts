// Elements of the picture: frames, and the chips in them. They are reused, and written only where
// what they show has changed.

import { type Group, isShared, type Namespace, type Process } from './model';
import { TYPES } from './record';
import type { Block } from './layout';
import { count, kernelName, plural, printable, shortName } from './text';

export const stillness = matchMedia('(prefers-reduced-motion: reduce)');

const GLOW_MILLIS = 1400;
const HUES = 12;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/**
 * Writes text and attributes of an element only if they change: each write makes the browser
 * compute styles again.
 */
class Written {
  private readonly last = new Map<string, string>();

  constructor(readonly of: HTMLElement) {}

  text(text: string): void {
    if (this.changes('', text)) this.of.textContent = text;
  }

  attribute(name: string, value: string): void {
    if (this.changes(name, value)) this.of.setAttribute(name, value);
  }

  style(name: string, value: string): void {
    if (this.changes(':' + name, value)) this.of.style.setProperty(name, value);
  }

  private changes(name: string, value: string): boolean {
    if (this.last.get(name) === value) return false;
    this.last.set(name, value);
    return true;
  }
}

/** Colour index of a shared namespace, the same wherever it is shown. */
export function linkHue(ns: Namespace): number {
  return (ns.serial * 5) % HUES;
}

let nextId = 0;

export class Chip {
  readonly root = element('div', 'chip');
  private readonly written = new Written(this.root);
  private readonly badge = new Written(this.root.appendChild(element('span', 'badge')));
  private readonly name = new Written(this.root.appendChild(element('span', 'name')));
  private readonly note = new Written(this.root.appendChild(element('span', 'note')));
  private item: Namespace | Process | undefined;
  private animation: Animation | undefined;
  private glowed = 0;
  /** Summary of what was shown last; if it is the same again, nothing is written. */
  private shown = '';

  constructor() {
    this.root.id = 'i' + nextId++;
    this.root.setAttribute('role', 'treeitem');
  }

  /** @param state more CSS classes: selected, lit */
  show(item: Namespace | Process, x: number, y: number, width: number, level: number, state: string, now: number) {
    if (item !== this.item) {
      this.item = item;
      this.animation?.cancel();
      // Changes before the last GLOW_MILLIS do not glow, nor does what was there from the start.
      this.glowed = now - GLOW_MILLIS;
      this.shown = '';
    }
    const ns = 'members' in item ? item : undefined;
    const shown = ns
      ? `${x} ${y} ${width} ${ns.members.size} ${ns.groups.size} ${ns.changed} ${ns.died} ${state}`
      : `${x} ${y} ${width} ${state}`;
    if (shown === this.shown) return;
    this.shown = shown;
    this.written.attribute('aria-level', String(level));
    this.written.style('transform', `translate(${x}px, ${y}px)`);
    this.written.style('width', width + 'px');
    if ('members' in item) this.showNamespace(item, state);
    else this.showProcess(item, state);
  }

  private showNamespace(ns: Namespace, state: string): void {
    const shared = isShared(ns);
    let classes = `chip t-${ns.type}${state}`;
    if (ns.initial) classes += ' initial';
    if (shared) classes += ` shared link-${linkHue(ns)}`;
    if (ns.died) classes += ' dying';
    else if (ns.members.size === 0 && !ns.initial) classes += ' empty';
    this.setClasses(classes);
    this.badge.text(ns.type);
    this.name.text(shortName(ns));
    this.note.text(shared ? `↔${ns.groups.size}` : ns.members.size > 1 ? count(ns.members.size) : '');
    this.written.attribute('aria-label', namespaceWords(ns));
    const newest = Math.max(ns.born, ns.changed, ns.died);
    if (newest > this.glowed) {
      this.glowed = newest;
      this.glow(ns.died ? 'died' : ns.born === newest ? 'born' : 'changed');
    }
  }

  private showProcess(process: Process, state: string): void {
    this.setClasses(`chip process${state}`);
    const inner = process.nsPids?.at(-1);
    this.badge.text(String(inner ?? process.pid));
    this.name.text(process.comm ? printable(process.comm) : '?');
    this.note.text('');
    this.written.attribute('aria-label', `process ${process.pid}, ${printable(process.comm ?? '')}`);
  }

  private setClasses(classes: string): void {
    this.written.attribute('class', classes);
    this.written.attribute('aria-selected', String(classes.includes(' selected')));
  }

  /** Animates opacity only, which needs no repaint. */
  private glow(why: 'born' | 'changed' | 'died'): void {
    this.animation?.cancel();
    if (stillness.matches) return;
    if (why === 'died') {
      this.animation = this.root.animate({ opacity: [1, 0.1] }, { duration: GLOW_MILLIS, fill: 'forwards' });
    } else {
      this.animation = this.root.animate(
        { opacity: why === 'born' ? [1, 0] : [0.7, 0] },
        { duration: GLOW_MILLIS, pseudoElement: '::after', easing: 'ease-out' },
      );
    }
  }
}

function namespaceWords(ns: Namespace): string {
  const parts = [`${ns.type} namespace ${shortName(ns)}`];
  if (ns.initial) parts.push('initial');
  else parts.push(plural(ns.members.size, 'process', 'processes'));
  if (isShared(ns)) parts.push(`shared by ${ns.groups.size} groups`);
  if (ns.died) parts.push('gone');
  return parts.join(', ');
}

export class Frame {
  readonly root = element('div', 'frame');
  private readonly written = new Written(this.root);
  private readonly glyph = element('span', 'glyph');
  private readonly head = element('div', 'head');
  private readonly cells = TYPES.map((type) => element('i', 'cell', type[0]));
  private readonly title = new Written(element('span', 'title'));
  private readonly detail = new Written(element('span', 'detail'));

  constructor() {
    this.root.id = 'i' + nextId++;
    this.root.setAttribute('role', 'treeitem');
    this.glyph.append(...this.cells);
    this.glyph.setAttribute('aria-hidden', 'true');
    this.head.append(this.glyph, this.title.of, this.detail.of);
    this.root.append(this.head);
  }

  show(block: Block, host: string, state: string): void {
    this.written.style('transform', `translate(${block.x}px, ${block.y}px)`);
    this.written.style('width', block.width + 'px');
    this.written.style('height', block.height + 'px');
    this.written.style('z-index', String(block.depth));
    let classes = 'frame ' + block.head.is + state + (block.depth % 2 ? ' odd' : '');
    let title = '';
    let detail = '';
    let group: Group | undefined;
    const head = block.head;
    switch (head.is) {
      case 'host':
        title = host;
        detail = "the host's own namespaces, and what runs apart from them";
        break;
      case 'group':
        group = head.group;
        classes += ' ' + group.kind;
        title = group.label;
        detail = groupWords(group);
        break;
      case 'namespace': {
        const ns = head.ns;
        classes += ` t-${ns.type}${ns.died ? ' dying' : ''}`;
        title = kernelName(ns);
        const owner = [...ns.groups].map((one) => one.label).slice(0, 2).join(', ');
        detail = ns.initial ? 'initial' : owner;
        if (block.more) detail += ` · ${count(block.more)} more inside`;
        break;
      }
      case 'type':
        classes += ' t-' + head.type;
        title = head.type;
        detail = plural(head.count, 'namespace');
    }
    this.title.text(title);
    this.detail.text(detail);
    this.glyph.hidden = !group;
    if (group) this.showGlyph(group);
    this.written.attribute('class', classes);
    this.written.attribute('aria-selected', String(classes.includes(' selected')));
    this.written.attribute('aria-level', String(block.depth + 1));
    this.written.attribute('aria-label', detail ? `${title}, ${detail}` : title);
  }

  /**
   * Shows a group's isolation from the host: for each type a namespace of its own, a shared one, or
   * the host's.
   */
  private showGlyph(group: Group): void {
    const own = new Map<string, string>();
    for (const ns of group.uses.keys()) {
      if (!ns.died) own.set(ns.type, isShared(ns) ? ' partly' : ' own');
    }
    const words: string[] = [];
    this.cells.forEach((cell, i) => {
      const type = TYPES[i]!;
      const how = own.get(type) ?? '';
      const classes = `cell t-${type}${how}`;
      if (cell.className !== classes) cell.className = classes;
      if (!how) words.push(type);
    });
    const title = words.length ? `of the host: ${words.join(', ')}` : 'nothing of the host';
    if (this.glyph.title !== title) this.glyph.title = title;
  }
}

function groupWords(group: Group): string {
  const parts: string[] = [];
  if (group.kind === 'container' || group.kind === 'unit') parts.push(group.comm);
  if (group.detail) parts.push(group.detail);
  if (group.kind !== 'kept') parts.push(plural(Math.max(0, group.processes), 'process', 'processes'));
  return parts.filter(Boolean).join(' · ');
}
