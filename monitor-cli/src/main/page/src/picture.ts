// The picture of the model: draws the visible part of the layout, and handles selection and
// scrolling.

import { Chip, element, Frame, linkHue } from './chip';
import {
  type Block,
  itemAt,
  itemsWithin,
  ITEM,
  type Layout,
  layOut,
  type Matches,
  type View,
} from './layout';
import { isShared, type Model, type Namespace, type Process } from './model';

const OVERSCAN = 200;
const QUICKEST_MILLIS = 100;
const MOST_LINKS = 80;
const SVG = 'http://www.w3.org/2000/svg';

/** Head of a block (index -1), or one of its items. */
interface Spot {
  block: Block;
  index: number;
}

/** Left edge of an item at half its height, and its width. */
interface Place {
  x: number;
  y: number;
  width: number;
}

export interface Choice {
  namespace?: Namespace | undefined;
  process?: Process | undefined;
  block?: Block | undefined;
}

export class Picture {
  view: View = 'container';
  matches: Matches | undefined;
  private layout: Layout = { blocks: [], height: 0 };
  private readonly canvas = element('div', 'canvas');
  private readonly links = document.createElementNS(SVG, 'svg');
  private frames = new Map<string, Frame>();
  private chips = new Map<string, Chip>();
  private readonly spareFrames: Frame[] = [];
  private readonly spareChips: Chip[] = [];
  private readonly paths: SVGPathElement[] = [];
  private readonly spots = new WeakMap<Element, Spot>();
  private current: { block: string; item: Namespace | Process | undefined } | undefined;
  private lit: Namespace | undefined;
  private width = 0;
  private drawnVersion = -1;
  private drawnAt = 0;
  /** Set by user input and by a new layout, which are drawn without delay; cleared by draw(). */
  private stale = true;

  /** @param choose called when the user opens an item or a group */
  constructor(
    private readonly root: HTMLElement,
    private model: Model,
    private readonly choose: (choice: Choice) => void,
    private readonly wake: () => void,
  ) {
    this.links.setAttribute('class', 'links');
    this.links.setAttribute('aria-hidden', 'true');
    this.canvas.append(this.links);
    root.append(this.canvas);
    root.addEventListener('scroll', this.redraw, { passive: true });
    root.addEventListener('click', (event) => this.clicked(event));
    root.addEventListener('pointerover', (event) => this.light(this.spotOf(event.target)));
    root.addEventListener('pointerleave', () => this.light(undefined));
    root.addEventListener('keydown', (event) => this.key(event));
    root.addEventListener('focus', this.redraw);
    root.addEventListener('blur', this.redraw);
    new ResizeObserver(() => {
      if (root.clientWidth !== this.width && root.clientWidth > 0) {
        this.relay();
        this.redraw();
      }
    }).observe(root);
  }

  private readonly redraw = () => {
    this.stale = true;
    this.wake();
  };

  setModel(model: Model): void {
    this.model = model;
    this.relay();
  }

  /** Computes the layout again, after a change of the model, the view, the search or the width. */
  relay(): void {
    this.width = this.root.clientWidth;
    this.layout = layOut(this.model, this.view, this.width, this.matches);
    this.canvas.style.height = this.layout.height + 'px';
    this.stale = true;
  }

  get blocks(): readonly Block[] {
    return this.layout.blocks;
  }

  /**
   * Draws the visible part.
   *
   * @returns whether to call it again, because the last drawing was too recent
   */
  draw(now: number): boolean {
    if (!this.stale) {
      if (this.drawnVersion === this.model.version) return false;
      if (now - this.drawnAt < QUICKEST_MILLIS) return true;
    }
    this.stale = false;
    this.drawnVersion = this.model.version;
    this.drawnAt = now;
    const top = this.root.scrollTop - OVERSCAN;
    const bottom = this.root.scrollTop + this.root.clientHeight + OVERSCAN;
    const frames = new Map<string, Frame>();
    const chips = new Map<string, Chip>();
    const places = new Map<Namespace, Place[]>();
    const focused = document.activeElement === this.root;
    const visible: Block[] = [];
    for (const block of this.layout.blocks) {
      if (block.y > bottom || block.y + block.height < top) continue;
      visible.push(block);
      const frame = this.frames.get(block.key);
      if (frame) {
        this.frames.delete(block.key);
        frames.set(block.key, frame);
      }
      this.eachVisible(block, top, bottom, (_index, id) => {
        const chip = this.chips.get(id);
        if (chip) {
          this.chips.delete(id);
          chips.set(id, chip);
        }
      });
    }
    // What is left over is out of view, and can be reused.
    this.recycle();
    let active = '';
    for (const block of visible) {
      let frame = frames.get(block.key);
      if (!frame) {
        frame = this.spareFrames.pop() ?? new Frame();
        frame.root.hidden = false;
        frames.set(block.key, frame);
        if (!frame.root.isConnected) this.canvas.insertBefore(frame.root, this.links);
      }
      const here = this.isCurrent(block, undefined);
      frame.show(block, this.model.host, here ? ' selected' : '');
      if (here) active = frame.root.id;
      this.spots.set(frame.root, { block, index: -1 });
      this.eachVisible(block, top, bottom, (index, id) => {
        const item = block.items[index]!;
        let chip = chips.get(id);
        if (!chip) {
          chip = this.spareChips.pop() ?? new Chip();
          chip.root.hidden = false;
          chips.set(id, chip);
          if (!chip.root.isConnected) this.canvas.append(chip.root);
        }
        const at = itemAt(block, index);
        chip.show(item, at.x, at.y, block.itemWidth, block.depth + 2, this.stateOf(block, item), now);
        if (this.isCurrent(block, item)) active = chip.root.id;
        this.spots.set(chip.root, { block, index });
        if ('members' in item && isShared(item)) {
          const place = { x: at.x, y: at.y + ITEM / 2, width: block.itemWidth };
          const all = places.get(item);
          if (all) all.push(place);
          else places.set(item, [place]);
        }
      });
    }
    this.frames = frames;
    this.chips = chips;
    for (const spare of [...this.spareFrames, ...this.spareChips]) {
      if (!spare.root.hidden) spare.root.hidden = true;
    }
    if (active && focused) this.root.setAttribute('aria-activedescendant', active);
    else this.root.removeAttribute('aria-activedescendant');
    this.drawLinks(places);
    return false;
  }

  private eachVisible(block: Block, top: number, bottom: number, each: (index: number, id: string) => void) {
    const [from, to] = itemsWithin(block, top, bottom);
    for (let i = from; i < to; i++) {
      const item = block.items[i]!;
      each(i, block.key + '\n' + ('members' in item ? item.key : 'p' + item.key));
    }
  }

  private recycle(): void {
    for (const frame of this.frames.values()) this.spareFrames.push(frame);
    for (const chip of this.chips.values()) this.spareChips.push(chip);
  }

  private stateOf(block: Block, item: Namespace | Process): string {
    let state = '';
    if (this.isCurrent(block, item)) state = ' selected';
    const ns = this.lit ?? this.selectedNamespace();
    if (ns && (item === ns || (!('members' in item) && item.namespaces.includes(ns)))) state += ' lit';
    return state;
  }

  private selectedNamespace(): Namespace | undefined {
    const item = this.current?.item;
    return item && 'members' in item ? item : undefined;
  }

  private isCurrent(block: Block, item: Namespace | Process | undefined): boolean {
    const current = this.current;
    return current !== undefined && current.block === block.key && current.item === item;
  }

  /** Draws lines between the positions of each shared namespace. */
  private drawLinks(places: Map<Namespace, Place[]>): void {
    let used = 0;
    for (const [ns, all] of places) {
      for (let i = 1; i < all.length && used < MOST_LINKS; i++) {
        let path = this.paths[used];
        if (!path) {
          path = document.createElementNS(SVG, 'path');
          this.paths.push(path);
          this.links.append(path);
        }
        const d = curve(all[i - 1]!, all[i]!);
        if (path.getAttribute('d') !== d) path.setAttribute('d', d);
        const isLit = ns === (this.lit ?? this.selectedNamespace());
        path.setAttribute('class', `link-${linkHue(ns)}${isLit ? ' lit' : ''}`);
        used++;
      }
    }
    for (const path of this.paths.splice(used)) path.remove();
  }

  /** Scrolls to a namespace in this view and selects it; false if the view does not show it. */
  reveal(ns: Namespace): boolean {
    for (const block of this.layout.blocks) {
      if (block.head.is === 'namespace' && block.head.ns === ns) return this.goTo({ block, index: -1 });
      const index = block.items.indexOf(ns);
      if (index >= 0) return this.goTo({ block, index });
    }
    return false;
  }

  private goTo(spot: Spot): boolean {
    const item = spot.index < 0 ? undefined : spot.block.items[spot.index];
    this.current = { block: spot.block.key, item };
    const y = spot.index < 0 ? spot.block.y : itemAt(spot.block, spot.index).y;
    const view = this.root.clientHeight;
    if (y < this.root.scrollTop + 8 || y + 60 > this.root.scrollTop + view) {
      this.root.scrollTop = Math.max(0, y - view / 3);
    }
    this.redraw();
    return true;
  }

  unselect(): void {
    this.current = undefined;
    this.redraw();
  }

  private spotOf(target: EventTarget | null): Spot | undefined {
    const owner = target instanceof Element ? target.closest('.chip, .frame') : null;
    return owner ? this.spots.get(owner) : undefined;
  }

  private light(spot: Spot | undefined): void {
    const item = spot?.block.items[spot.index];
    const ns = item && 'members' in item ? item : undefined;
    if (ns !== this.lit) {
      this.lit = ns;
      this.redraw();
    }
  }

  private clicked(event: Event): void {
    const spot = this.spotOf(event.target);
    if (spot) {
      this.goTo(spot);
      this.open(spot);
    }
  }

  private open(spot: Spot): void {
    const item = spot.block.items[spot.index];
    const head = spot.block.head;
    if (item && 'members' in item) this.choose({ namespace: item });
    else if (item) this.choose({ process: item });
    else if (head.is === 'namespace') this.choose({ namespace: head.ns });
    else if (head.is === 'group') this.choose({ block: spot.block });
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.spotNow();
    const next = moved(event.key, at, this.layout.blocks);
    if (next === 'open') {
      if (at) this.open(at);
    } else if (next) {
      this.goTo(next);
    } else {
      return;
    }
    event.preventDefault();
  }

  private spotNow(): Spot | undefined {
    const current = this.current;
    const block = current && this.layout.blocks.find((one) => one.key === current.block);
    if (!current || !block) return undefined;
    return { block, index: current.item ? block.items.indexOf(current.item) : -1 };
  }
}

/**
 * Curve between the facing edges of two items, or along their left edges if they overlap
 * horizontally.
 */
function curve(a: Place, b: Place): string {
  const [left, right] = a.x <= b.x ? [a, b] : [b, a];
  const from = left.x + left.width;
  if (right.x > from) {
    const bend = Math.min(60, (right.x - from) / 2);
    return `M${from},${left.y} C${from + bend},${left.y} ${right.x - bend},${right.y} ${right.x},${right.y}`;
  }
  const bend = 16 + Math.min(30, Math.abs(b.y - a.y) / 8);
  return `M${a.x},${a.y} C${a.x - bend},${a.y} ${b.x - bend},${b.y} ${b.x},${b.y}`;
}

function moved(key: string, at: Spot | undefined, blocks: readonly Block[]): Spot | 'open' | undefined {
  const first = blocks[0];
  if (!first) return undefined;
  if (key === 'Enter' || key === ' ') return at ? 'open' : undefined;
  if (key === 'Home') return { block: first, index: -1 };
  const end = blocks[blocks.length - 1]!;
  if (key === 'End') return { block: end, index: end.items.length - 1 };
  if (!key.startsWith('Arrow')) return undefined;
  if (!at) return { block: first, index: -1 };
  const { block, index } = at;
  const here = blocks.indexOf(block);
  switch (key) {
    case 'ArrowRight':
      if (index + 1 < block.items.length) return { block, index: index + 1 };
      return blocks[here + 1] && { block: blocks[here + 1]!, index: -1 };
    case 'ArrowLeft':
      if (index >= 0) return { block, index: index - 1 };
      return block.parent && { block: block.parent, index: -1 };
    case 'ArrowDown': {
      const below = index < 0 ? 0 : index + block.columns;
      if (below < block.items.length) return { block, index: below };
      return blocks[here + 1] && { block: blocks[here + 1]!, index: -1 };
    }
    case 'ArrowUp': {
      if (index >= 0) return { block, index: Math.max(-1, index - block.columns) };
      return blocks[here - 1] && { block: blocks[here - 1]!, index: -1 };
    }
  }
  return undefined;
}
