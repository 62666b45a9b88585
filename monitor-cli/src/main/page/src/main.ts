// Wires the page: records of the stream change the model, and changes are drawn once per animation
// frame.

import { Connection, type Condition } from './connection';
import { element } from './chip';
import { Details } from './details';
import { VIEWS, type View } from './layout';
import { Model, type Namespace } from './model';
import { type Choice, Picture } from './picture';
import { Pulse } from './pulse';
import { isOther, type Kind, type Other, type StreamRecord, TYPES } from './record';
import { search } from './search';
import { Tail } from './tail';
import { count, plural } from './text';
import { startTheme } from './theme';

const FADE_MILLIS = 1400;
/** Time for applying records, in each animation frame. */
const BUDGET_MILLIS = 6;
/** Minimum time between two layouts. */
const RELAY_MILLIS = 150;
const SEARCH_MILLIS = 400;

const at = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;

const VIEW_WORDS: Record<View, string> = { container: 'Containers', pid: 'Pid tree', user: 'User tree', type: 'Types' };
const KIND_WORDS: [Kind, string][] = [
  ['namespace-created', '+ created'],
  ['process-joined', '→ joined'],
  ['process-left', '← left'],
  ['namespace-destroyed', '× destroyed'],
  ['events-lost', '! lost'],
];

class Page implements EventListenerObject {
  private model = new Model();
  /**
   * The state that is being received; undefined before its first record, after its `synced`, and
   * after a cut.
   */
  private coming: Model | undefined;
  private queue: (StreamRecord | Other)[] = [];
  private frame = 0;
  /** Timer for a redraw that removes faded namespaces; 0 if none is set. */
  private timer = 0;
  private laidOut = -1;
  private laidOutAt = 0;
  private relayMillis = RELAY_MILLIS;
  private searchedAt = 0;
  private searched = -1;
  private query = '';
  private counted = -1;
  private countedAt = 0;
  private readonly lost = new Map<string, number>();
  private condition: Condition = { is: 'connecting' };
  private since = Date.now();
  private firstPicture = false;

  private readonly redraw = () => {
    this.frame ||= requestAnimationFrame((now) => this.draw(now));
  };
  private readonly picture = new Picture(at('picture'), this.model, (choice) => this.choose(choice), this.redraw);
  private readonly tail = new Tail(at('tail'), (key) => this.go(this.model.namespaces.get(key)), this.redraw);
  private readonly details = new Details(at('details'), this.model, {
    go: (ns) => this.go(ns),
    events: (text) => this.showEvents(text),
    close: () => this.close(),
  });
  private readonly pulse = new Pulse(at<HTMLCanvasElement>('pulse'));
  private readonly connection = new Connection({
    record: (record) => this.take(record),
    condition: (condition) => this.setCondition(condition),
  });
  private readonly legend = new Map(TYPES.map((type) => [type, element('b')]));

  start(): void {
    this.buildTools();
    document.addEventListener('keydown', this);
    setInterval(() => this.tick(), 1000);
    this.connection.open();
  }

  // Input from the stream

  private take(record: StreamRecord | Other): void {
    // An `events-lost` without numbers also has no `seq`; it comes before the state.
    const isState = record.kind === 'namespace-created' || record.kind === 'process-joined';
    if (!isOther(record) && isState && record.seq === undefined && record.source === 'baseline') {
      this.coming ??= new Model();
      this.coming.apply(record, 0);
      return;
    }
    if (!isOther(record) && record.kind === 'synced' && this.coming) {
      this.settle(this.coming, record);
      return;
    }
    this.queue.push(record);
    // A hidden page gets no animation frames. The record is applied at once, so that the queue does
    // not grow.
    if (document.hidden) this.work(Infinity);
    else this.redraw();
  }

  /**
   * Replaces the model by a complete state. Records in the queue came before it, and are applied to
   * the old model.
   */
  private settle(model: Model, synced: StreamRecord): void {
    this.work(Infinity);
    this.coming = undefined;
    this.model = model;
    model.host ||= synced.host?.name ?? '';
    at('host').textContent = model.host;
    document.title = model.host ? `${model.host} · nsmon` : 'nsmon';
    this.tail.add(synced);
    this.laidOut = -1;
    this.searched = -1;
    this.counted = -1;
    this.laidOutAt = 0;
    this.countedAt = 0;
    this.picture.setModel(model);
    this.details.setModel(model);
    this.redraw();
  }

  private work(budget: number): void {
    const now = performance.now();
    let done = 0;
    for (const record of this.queue) {
      if (!isOther(record)) {
        if (record.kind === 'events-lost') this.noteLoss(record.where, record.count);
        this.model.apply(record, now);
      }
      this.tail.add(record);
      this.pulse.beat();
      if (++done % 32 === 0 && performance.now() - now > budget) break;
    }
    this.queue = done === this.queue.length ? [] : this.queue.slice(done);
  }

  private noteLoss(where: string, n: number | undefined): void {
    this.lost.set(where, (this.lost.get(where) ?? 0) + (n ?? 0));
    const parts = [...this.lost].map(([place, sum]) => `${place} ${sum > 0 ? count(sum) : 'unknown'}`);
    const badge = at('lost');
    badge.hidden = false;
    badge.textContent = `lost: ${parts.join(', ')}`;
    badge.title = 'Events that were missed, by where';
  }

  // Drawing

  private draw(now: number): void {
    this.frame = 0;
    this.work(BUDGET_MILLIS);
    let again = this.queue.length > 0;
    if (this.model.reap(now - FADE_MILLIS)) again = true;
    if (this.query && this.searched !== this.model.version) {
      if (now - this.searchedAt > SEARCH_MILLIS) this.find(now);
      else again = true;
    }
    if (this.laidOut !== this.model.version) {
      if (now - this.laidOutAt > this.relayMillis) {
        const began = performance.now();
        this.laidOut = this.model.version;
        this.laidOutAt = now;
        this.picture.relay();
        this.relayMillis = Math.max(RELAY_MILLIS, 20 * (performance.now() - began));
      } else {
        again = true;
      }
    }
    if (this.picture.draw(now)) again = true;
    if (this.tail.draw(now)) again = true;
    this.details.draw(now);
    if (this.counted !== this.model.version && now - this.countedAt > 200) this.showCounts(now);
    this.showPause();
    if (!this.firstPicture && this.model.size > 0) {
      this.firstPicture = true;
      performance.mark('nsmon-picture');
    }
    if (again) this.redraw();
    else if (this.model.fading > 0) this.timer ||= window.setTimeout(() => this.wake(), 250);
  }

  private wake(): void {
    this.timer = 0;
    this.redraw();
  }

  private showCounts(now: number): void {
    this.counted = this.model.version;
    this.countedAt = now;
    at('totals').textContent =
      `${plural(this.model.size, 'namespace')} · ${plural(this.model.processes.size, 'process', 'processes')} in them`;
    for (const [type, place] of this.legend) place.textContent = count(this.model.byType.get(type)?.size ?? 0);
  }

  private showPause(): void {
    const pending = this.tail.pending;
    const button = at('pause');
    const halted = this.tail.paused || pending > 0;
    const words = halted ? (pending > 0 ? `Resume · ${count(pending)} waiting` : 'Resume') : 'Pause';
    if (button.textContent !== words) {
      button.textContent = words;
      button.setAttribute('aria-pressed', String(halted));
    }
  }

  private tick(): void {
    this.pulse.tick();
    this.showCondition();
    if (this.counted !== this.model.version || this.details.isOpen) this.redraw();
  }

  // Input from the user

  handleEvent(event: Event): void {
    if (!(event instanceof KeyboardEvent)) return;
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === '/' && !typing) {
      event.preventDefault();
      at<HTMLInputElement>('search').select();
    } else if (event.key === 'Escape' && typing && event.target.id === 'search') {
      event.target.value = '';
      this.setQuery('');
      at('picture').focus();
    } else if (event.key === 'Escape' && !typing) {
      this.close();
    }
  }

  private choose(choice: Choice): void {
    const head = choice.block?.head;
    if (choice.namespace) this.details.show({ namespace: choice.namespace });
    else if (choice.process) this.details.show({ process: choice.process });
    else if (head?.is === 'group') this.details.show({ group: head.group });
    this.redraw();
  }

  private go(ns: Namespace | undefined): void {
    if (!ns) return;
    this.details.show({ namespace: ns });
    this.showTab('picture');
    if (!this.picture.reveal(ns)) {
      // The search or the view hides the namespace.
      this.setQuery('');
      if (!this.picture.reveal(ns)) this.setView('type');
      this.picture.reveal(ns);
    }
    this.redraw();
  }

  private close(): void {
    this.details.show(undefined);
    this.picture.unselect();
    at('picture').focus();
  }

  private showEvents(text: string): void {
    at<HTMLInputElement>('tailtext').value = text;
    this.tail.filter.text = text;
    this.tail.changed();
    this.showTab('events');
  }

  private setQuery(query: string): void {
    at<HTMLInputElement>('search').value = query;
    this.query = query.trim();
    this.find(performance.now());
    this.redraw();
  }

  private find(now: number): void {
    this.searchedAt = now;
    this.searched = this.model.version;
    const found = this.query ? search(this.model, this.query) : undefined;
    this.picture.matches = found;
    this.picture.relay();
    at('found').textContent = found ? `${plural(found.size, 'namespace')} found` : '';
  }

  private setView(view: View): void {
    this.picture.view = view;
    for (const button of at('views').querySelectorAll('button')) {
      const on = button.dataset['view'] === view;
      button.setAttribute('aria-checked', String(on));
      button.tabIndex = on ? 0 : -1;
    }
    this.picture.relay();
    at('picture').scrollTop = 0;
    this.redraw();
  }

  private showTab(tab: string): void {
    document.querySelector('main')!.dataset['tab'] = tab;
    for (const button of at('tabs').querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset['tab'] === tab));
    }
    this.redraw();
  }

  private setCondition(condition: Condition): void {
    if (condition.is !== this.condition.is) this.since = Date.now();
    this.condition = condition;
    // A state that was cut off is incomplete.
    if (condition.is !== 'live') this.coming = undefined;
    if (condition.is === 'refused') this.askForToken();
    this.showCondition();
  }

  private showCondition(): void {
    const { condition } = this;
    at('condition').dataset['is'] = condition.is;
    let words = 'connecting';
    if (condition.is === 'live') words = `live since ${new Date(this.since).toLocaleTimeString([], { timeStyle: 'short' })}`;
    else if (condition.is === 'refused') words = 'a token is needed';
    else if (condition.is === 'waiting') {
      const left = Math.max(0, Math.ceil((condition.until - performance.now()) / 1000));
      words = `${condition.why}, again in ${left} s`;
    }
    const place = at('words');
    if (place.textContent !== words) place.textContent = words;
  }

  private askForToken(): void {
    const dialog = at<HTMLDialogElement>('login');
    at('denied').hidden = !dialog.returnValue;
    if (!dialog.open) dialog.showModal();
  }

  private buildTools(): void {
    for (const view of VIEWS) {
      const button = element('button', '', VIEW_WORDS[view]);
      button.type = 'button';
      button.dataset['view'] = view;
      button.setAttribute('role', 'radio');
      button.addEventListener('click', () => this.setView(view));
      at('views').append(button);
    }
    at('views').addEventListener('keydown', (event) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (!step) return;
      const next = (VIEWS.indexOf(this.picture.view) + step + VIEWS.length) % VIEWS.length;
      this.setView(VIEWS[next]!);
      at('views').querySelectorAll('button')[next]!.focus();
    });
    this.setView('container');
    for (const [type, place] of this.legend) {
      const entry = element('li', `t-${type}`);
      entry.append(element('span', 'badge', type), place);
      at('legend').append(entry);
    }
    const { filter } = this.tail;
    for (const [kind, word] of KIND_WORDS) this.toggle('kinds', `k-${kind}`, word, kind, filter.kinds);
    for (const type of TYPES) this.toggle('types', `t-${type}`, type, type, filter.types);
    at<HTMLInputElement>('tailtext').addEventListener('input', (event) => {
      filter.text = (event.target as HTMLInputElement).value;
      this.tail.changed();
    });
    at<HTMLInputElement>('search').addEventListener('input', (event) => {
      this.setQuery((event.target as HTMLInputElement).value);
    });
    at('search').addEventListener('keydown', (event) => {
      if (event.key === 'Enter') at('picture').focus();
    });
    at('pause').addEventListener('click', () => {
      this.tail.pause(!(this.tail.paused || this.tail.pending > 0));
    });
    for (const button of at('tabs').querySelectorAll('button')) {
      button.addEventListener('click', () => this.showTab(button.dataset['tab']!));
    }
    at<HTMLDialogElement>('login').addEventListener('close', () => {
      const field = at<HTMLInputElement>('token');
      at<HTMLDialogElement>('login').returnValue = 'tried';
      this.connection.open(field.value);
      field.value = '';
    });
    at('login').addEventListener('cancel', (event) => event.preventDefault());
    startTheme(at('theme'), () => this.pulse.draw());
  }

  private toggle<T>(where: string, classes: string, word: string, value: T, chosen: Set<T>): void {
    const button = element('button', classes, word);
    button.type = 'button';
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      if (!chosen.delete(value)) chosen.add(value);
      button.setAttribute('aria-pressed', String(chosen.has(value)));
      this.tail.changed();
    });
    at(where).append(button);
  }
}

new Page().start();
