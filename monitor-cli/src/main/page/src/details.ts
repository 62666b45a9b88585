// Details of one namespace, process or group, with the processes in it.

import { element } from './chip';
import type { Group, Model, Namespace, Process } from './model';
import { sorted } from './model';
import { count, duration, holderLabel, kernelName, plural, printable, shortName } from './text';

const MOST_ROWS = 200;

export type Subject = { namespace: Namespace } | { process: Process } | { group: Group };

export class Details {
  private subject: Subject | undefined;
  private version = -1;
  private drawnAt = 0;

  constructor(
    private readonly root: HTMLElement,
    private model: Model,
    private readonly actions: {
      go: (ns: Namespace) => void;
      events: (text: string) => void;
      close: () => void;
    },
  ) {
    root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') actions.close();
    });
  }

  get isOpen(): boolean {
    return this.subject !== undefined;
  }

  setModel(model: Model): void {
    this.model = model;
    const subject = this.subject;
    if (!subject) return;
    // The same subject in the new model, if it exists there.
    if ('namespace' in subject) {
      const ns = model.namespaces.get(subject.namespace.key);
      this.subject = ns && { namespace: ns };
    } else if ('process' in subject) {
      const process = model.processes.get(subject.process.key);
      this.subject = process && { process };
    } else {
      const group = model.groups.get(subject.group.key);
      this.subject = group && { group };
    }
    if (!this.subject) this.actions.close();
    this.version = -1;
  }

  show(subject: Subject | undefined): void {
    this.subject = subject;
    this.version = -1;
    this.drawnAt = 0;
    this.root.hidden = !subject;
    if (!subject) this.root.replaceChildren();
  }

  draw(now: number): void {
    if (!this.subject || this.version === this.model.version || now - this.drawnAt < 250) return;
    this.version = this.model.version;
    this.drawnAt = now;
    const scrolled = this.root.querySelector('.body')?.scrollTop ?? 0;
    const focused = (document.activeElement as HTMLElement | null)?.dataset['go'];
    const subject = this.subject;
    if ('namespace' in subject) this.namespace(subject.namespace);
    else if ('process' in subject) this.process(subject.process);
    else this.group(subject.group);
    const body = this.root.querySelector('.body');
    if (body && scrolled) body.scrollTop = scrolled;
    if (focused) this.root.querySelector<HTMLElement>(`[data-go="${CSS.escape(focused)}"]`)?.focus();
  }

  private namespace(ns: Namespace): void {
    const facts = element('dl');
    if (ns.died) fact(facts, 'state', 'gone');
    if (ns.initial) fact(facts, 'initial', 'it exists since boot');
    if (ns.id !== undefined) fact(facts, 'id', ns.id);
    this.link(facts, 'parent', ns.parent);
    this.link(facts, 'owner', ns.owner);
    if (ns.ownerUid !== undefined) fact(facts, 'made by uid', String(ns.ownerUid));
    if (ns.createdAt) fact(facts, 'age', duration(Date.now() - ns.createdAt));
    const groups = [...ns.groups].filter((group) => group.kind !== 'kept').map((group) => group.label);
    if (groups.length > 0) fact(facts, groups.length > 1 ? 'shared by' : 'of', groups.slice(0, 12).join(', '));
    for (const holder of ns.holders.slice(0, 8)) fact(facts, 'held', holderLabel(holder));
    if (ns.children.size > 0) fact(facts, 'children', count(ns.children.size));
    if (ns.owned.size > 0) fact(facts, 'owns', plural(ns.owned.size, 'namespace'));
    const body = element('div', 'body');
    body.append(facts, this.members(ns.members, ns));
    this.put(`t-${ns.type}`, ns.type, kernelName(ns), body, shortName(ns));
  }

  private process(process: Process): void {
    const facts = element('dl');
    fact(facts, 'pid', (process.nsPids ?? [process.pid]).join(' → '));
    if (process.tid) fact(facts, 'thread', String(process.tid));
    if (process.exe) fact(facts, 'program', printable(process.exe));
    if (process.ppid !== undefined) fact(facts, 'parent', String(process.ppid));
    if (process.uid !== undefined) fact(facts, 'uid', String(process.uid));
    if (process.cause) fact(facts, 'came by', process.cause);
    fact(facts, 'of', process.group.label);
    for (const ns of process.namespaces) this.link(facts, ns.type, ns.key);
    const body = element('div', 'body');
    body.append(facts);
    const name = process.comm ? printable(process.comm) : '?';
    this.put('process', 'process', name, body, String(process.pid));
  }

  private group(group: Group): void {
    const facts = element('dl');
    if (group.pod) fact(facts, 'pod', printable(group.pod));
    if (group.kind === 'container') fact(facts, 'id', printable(group.key.slice(2)));
    const members = new Set<Process>();
    for (const ns of sorted(group)) {
      const others = [...ns.groups].filter((other) => other !== group).map((other) => other.label);
      const note = others.length > 0 ? `shared with ${others.slice(0, 3).join(', ')}` : '';
      this.link(facts, ns.type, ns.key, note);
      for (const member of ns.members) if (member.group === group) members.add(member);
    }
    const body = element('div', 'body');
    body.append(facts, this.members(members, undefined));
    this.put('group', group.kind, group.label, body, group.label);
  }

  private members(all: ReadonlySet<Process>, ns: Namespace | undefined): HTMLElement {
    const table = element('table');
    const caption = element('caption', '', plural(all.size, 'process', 'processes'));
    const head = element('tr');
    for (const title of ['pid', 'inside', 'name', 'program', 'by']) head.append(element('th', '', title));
    table.append(caption, head);
    if (all.size === 0) {
      caption.textContent = ns?.initial ? 'Processes of the host are not listed' : 'No process inside';
      head.remove();
    }
    let rows = 0;
    for (const one of all) {
      if (++rows > MOST_ROWS) {
        caption.textContent += `, the first ${MOST_ROWS}`;
        break;
      }
      const row = element('tr');
      const pid = one.tid ? `${one.pid}/${one.tid}` : String(one.pid);
      const inside = one.nsPids && one.nsPids.length > 1 ? String(one.nsPids.at(-1)) : '';
      const texts = [pid, inside, printable(one.comm ?? ''), printable(one.exe ?? ''), one.cause ?? ''];
      for (const text of texts) {
        const cell = element('td', '', text);
        cell.title = text;
        row.append(cell);
      }
      table.append(row);
    }
    return table;
  }

  private link(facts: HTMLElement, name: string, key: string, note = ''): void {
    if (!key) return;
    const ns = this.model.namespaces.get(key);
    const value = fact(facts, name, ns ? '' : key);
    if (ns) {
      const button = element('button', `go t-${ns.type}`, kernelName(ns) + (ns.initial ? ' initial' : ''));
      button.type = 'button';
      button.dataset['go'] = ns.key;
      button.addEventListener('click', () => this.actions.go(ns));
      value.append(button);
      if (note) value.append(' ' + note);
    }
  }

  private put(classes: string, kind: string, title: string, body: HTMLElement, search: string): void {
    const head = element('header', classes);
    const heading = element('h2', '', title);
    const events = element('button', 'quiet', 'Events');
    events.type = 'button';
    events.title = 'Show its events only';
    events.dataset['go'] = 'events';
    events.addEventListener('click', () => this.actions.events(search));
    const close = element('button', 'quiet close', '✕');
    close.type = 'button';
    close.setAttribute('aria-label', 'Close');
    close.dataset['go'] = 'close';
    close.addEventListener('click', () => this.actions.close());
    head.append(element('span', 'badge', kind), heading, events, close);
    this.root.replaceChildren(head, body);
  }
}

function fact(to: HTMLElement, name: string, text: string): HTMLElement {
  const value = element('dd', '', text);
  to.append(element('dt', '', name), value);
  return value;
}
