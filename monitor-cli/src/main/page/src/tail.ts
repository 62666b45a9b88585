// List of the latest 5,000 events, the newest first.

import { element } from './chip';
import { type Identity, isOther, type Kind, type NsType, type Other, type StreamRecord, TYPES } from './record';
import { containerLabel, count, duration, kernelName, plural, printable, processLabel, shortName, timeOfDay } from './text';

const MOST = 5000;
export const ROW = 26;
const QUICKEST_MILLIS = 120;

export interface Line {
  readonly record: StreamRecord | Other;
  readonly time: number;
  readonly places: readonly Identity[];
  readonly who: string;
  readonly note: string;
  /** Whether the record matches attention rules, which are in the note. */
  readonly alarm: boolean;
  /** Text that the filter searches, in lower case. */
  readonly text: string;
}

export interface TailFilter {
  types: Set<NsType>;
  kinds: Set<Kind>;
  text: string;
}

const SIGNS: Record<Kind, [string, string]> = {
  'namespace-created': ['+', 'created'],
  'process-joined': ['→', 'joined'],
  'process-left': ['←', 'left'],
  'namespace-destroyed': ['×', 'destroyed'],
  synced: ['✓', 'synced'],
  'events-lost': ['!', 'lost'],
};

function signOf(record: StreamRecord | Other): [string, string] {
  return isOther(record) ? ['?', printable(record.kind)] : SIGNS[record.kind];
}

function lineOfOther(record: Other): Line {
  const places = [...(record.namespace ? [record.namespace] : []), ...Object.values(record.namespaces ?? {})];
  const who = record.process ? processLabel(record.process) : '';
  const note = `${printable(record.kind)}, which this page does not know`;
  const names = places.map((ns) => `${kernelName(ns)} ${ns.key}`).join(' ');
  const text = `${who} ${note} ${names}`.toLowerCase();
  return { record, time: Date.parse(record.time), places, who, note, alarm: false, text };
}

export function lineOf(record: StreamRecord | Other): Line {
  if (isOther(record)) return lineOfOther(record);
  let places: Identity[] = [];
  let who = '';
  let note = '';
  switch (record.kind) {
    case 'namespace-created':
    case 'namespace-destroyed':
      places = [record.namespace];
      if (record.process) who = processLabel(record.process);
      if (record.kind === 'namespace-destroyed' && record.lifetimeMillis !== undefined) {
        note = `after ${duration(record.lifetimeMillis)}`;
      }
      break;
    case 'process-joined':
    case 'process-left':
      places = Object.values(record.namespaces);
      who = processLabel(record.process);
      if (record.kind === 'process-joined') note = printable(record.process.cause ?? '');
      break;
    case 'synced': {
      const all = Object.values(record.counts.namespaces).reduce((a, b) => a + b, 0);
      note = `${plural(all, 'namespace')}, ${plural(record.counts.processes, 'process', 'processes')}`;
      break;
    }
    case 'events-lost':
      note = `${record.count === undefined ? 'an unknown number' : count(record.count)} at the ${printable(record.where)}`;
  }
  const attention = 'attention' in record ? (record.attention ?? []) : [];
  if (attention.length > 0) note = [...attention.map(printable), note].filter(Boolean).join(' · ');
  const container = 'container' in record ? containerLabel(record.container) : '';
  if (container) note = note ? `${note} · ${container}` : container;
  const names = places.map((ns) => `${kernelName(ns)} ${ns.key}`).join(' ');
  const text = `${SIGNS[record.kind][1]} ${who} ${note} ${names}`.toLowerCase();
  return { record, time: Date.parse(record.time), places, who, note, alarm: attention.length > 0, text };
}

class Row {
  readonly root = element('div', 'row');
  private readonly time = element('span', 'time');
  private readonly sign = element('span', 'sign');
  private readonly places = element('span', 'places');
  private readonly who = element('span', 'who');
  private readonly note = element('span', 'note');
  private readonly tags = TYPES.map(() => element('b', 'tag'));
  line: Line | undefined;

  constructor(id: number) {
    this.root.id = 'e' + id;
    this.root.setAttribute('role', 'option');
    this.root.hidden = true;
    this.places.append(...this.tags);
    this.root.append(this.time, this.sign, this.who, this.places, this.note);
  }

  show(line: Line | undefined, index: number, selected: boolean): void {
    this.root.style.transform = `translateY(${index * ROW}px)`;
    const classes = line
      ? `row k-${isOther(line.record) ? 'other' : line.record.kind}${line.alarm ? ' alarm' : ''}${selected ? ' selected' : ''}`
      : 'row';
    if (this.root.className !== classes) this.root.className = classes;
    this.root.setAttribute('aria-selected', String(selected));
    if (line === this.line) return;
    this.line = line;
    this.root.hidden = !line;
    if (!line) return;
    const many = line.places.length;
    const [sign, word] = signOf(line.record);
    this.time.textContent = timeOfDay(line.time);
    this.sign.textContent = line.alarm ? '⚠' : sign;
    this.sign.title = word;
    this.sign.setAttribute('aria-label', line.alarm ? `${word}, deserves attention` : word);
    this.tags.forEach((tag, i) => {
      const ns = line.places[i];
      tag.hidden = !ns;
      if (!ns) return;
      tag.className = `tag t-${ns.type}`;
      tag.textContent = many > 3 ? ns.type.slice(0, 1) : many > 1 ? ns.type : `${ns.type} ${shortName(ns)}`;
      tag.title = kernelName(ns);
      tag.dataset['key'] = ns.key;
    });
    this.who.textContent = line.who;
    this.note.textContent = line.note;
    this.who.title = line.who;
    this.note.title = line.note;
  }
}

export class Tail {
  readonly filter: TailFilter = { types: new Set(), kinds: new Set(), text: '' };
  private lines: Line[] = [];
  /** Lines that arrived while the list was paused or scrolled down. */
  private waiting: Line[] = [];
  private missed = 0;
  private shown: Line[] = [];
  private readonly rows: Row[] = [];
  private readonly canvas = element('div', 'canvas');
  private stale = true;
  private drawnAt = 0;
  private selected: Line | undefined;
  paused = false;

  /** @param choose called with the key of a namespace that the user opens */
  constructor(
    private readonly root: HTMLElement,
    private readonly choose: (key: string, line: Line) => void,
    private readonly redraw: () => void,
  ) {
    root.append(this.canvas);
    root.addEventListener('scroll', redraw, { passive: true });
    root.addEventListener('click', (event) => this.clicked(event));
    root.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => this.changed()).observe(root);
  }

  /** Number of lines that are not shown yet, including those that were dropped meanwhile. */
  get pending(): number {
    return this.waiting.length + this.missed;
  }

  get kept(): number {
    return this.lines.length;
  }

  add(record: StreamRecord | Other): void {
    const line = lineOf(record);
    // New lines must not move a list that is scrolled down.
    if (this.paused || this.root.scrollTop > ROW) {
      this.waiting.push(line);
      if (this.waiting.length > 2 * MOST) {
        this.missed += this.waiting.length - MOST;
        this.waiting = this.waiting.slice(-MOST);
      }
      return;
    }
    this.lines.push(line);
    // Cut only now and then, because each cut copies the list.
    if (this.lines.length > 1.2 * MOST) this.lines = this.lines.slice(-MOST);
    this.stale = true;
  }

  pause(paused: boolean): void {
    this.paused = paused;
    if (!paused) {
      this.root.scrollTop = 0;
      this.flow();
    }
    this.changed();
  }

  /** Redraws after a change of filter or size. */
  changed(): void {
    this.stale = true;
    this.drawnAt = 0;
    this.redraw();
  }

  private flow(): void {
    this.lines = this.lines.concat(this.waiting).slice(-MOST);
    this.waiting = [];
    this.missed = 0;
    this.stale = true;
  }

  /** @returns whether to call it again, because the last drawing was too recent */
  draw(now: number): boolean {
    if (!this.paused && this.waiting.length > 0 && this.root.scrollTop <= ROW) this.flow();
    if (this.root.clientHeight === 0) return false;
    if (this.stale) {
      if (now - this.drawnAt < QUICKEST_MILLIS) return true;
      this.drawnAt = now;
      this.stale = false;
      this.select();
    }
    const first = Math.max(0, Math.floor(this.root.scrollTop / ROW) - 2);
    const visible = Math.ceil(this.root.clientHeight / ROW) + 5;
    while (this.rows.length < visible) {
      const row = new Row(this.rows.length);
      this.rows.push(row);
      this.canvas.append(row.root);
    }
    let active = '';
    this.rows.forEach((row, i) => {
      const index = first + i;
      const line = this.shown[index];
      row.show(line, index, line !== undefined && line === this.selected);
      if (line && line === this.selected) active = row.root.id;
    });
    if (active) this.root.setAttribute('aria-activedescendant', active);
    else this.root.removeAttribute('aria-activedescendant');
    return false;
  }

  private select(): void {
    const { types, kinds } = this.filter;
    const words = this.filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    const shown: Line[] = [];
    for (let i = this.lines.length - 1; i >= 0 && shown.length < MOST; i--) {
      const line = this.lines[i]!;
      const fits =
        (kinds.size === 0 || (!isOther(line.record) && kinds.has(line.record.kind))) &&
        (types.size === 0 || line.places.some((ns) => types.has(ns.type))) &&
        words.every((word) => line.text.includes(word));
      if (fits) shown.push(line);
    }
    this.shown = shown;
    this.canvas.style.height = shown.length * ROW + 'px';
  }

  get matching(): number {
    return this.shown.length;
  }

  private clicked(event: Event): void {
    if (!(event.target instanceof HTMLElement)) return;
    const owner = event.target.closest('.row');
    const line = this.rows.find((row) => row.root === owner)?.line;
    if (!line) return;
    this.open(line, event.target.dataset['key']);
  }

  private open(line: Line, key: string | undefined): void {
    this.selected = line;
    const to = key ?? line.places.find((ns) => !ns.initial)?.key ?? line.places[0]?.key;
    if (to) this.choose(to, line);
    this.redraw();
  }

  private key(event: KeyboardEvent): void {
    const at = this.selected ? this.shown.indexOf(this.selected) : -1;
    let to = at;
    if (event.key === 'ArrowDown') to = at + 1;
    else if (event.key === 'ArrowUp') to = Math.max(0, at - 1);
    else if (event.key === 'Home') to = 0;
    else if (event.key === 'End') to = this.shown.length - 1;
    else if (event.key === 'Enter' && this.selected) this.open(this.selected, undefined);
    else return;
    event.preventDefault();
    const line = this.shown[to];
    if (!line) return;
    this.selected = line;
    const y = to * ROW;
    if (y < this.root.scrollTop) this.root.scrollTop = y;
    else if (y + ROW > this.root.scrollTop + this.root.clientHeight) {
      this.root.scrollTop = y + ROW - this.root.clientHeight;
    }
    this.redraw();
  }
}
