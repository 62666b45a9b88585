// The page in a browser, before a made-up monitor.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, withBrowser } from './browser.mjs';
import { created, destroyed, Fake, joined, joinedHost, left, plausible, World } from './fake.mjs';

const BUILT = process.env.NSMON_PAGE;
let context;
let ended;
let end;

before(async () => {
  await new Promise((ready) => {
    ended = withBrowser(async (one) => {
      context = one;
      ready();
      await new Promise((done) => (end = done));
    });
  });
});
after(async () => {
  end();
  await ended;
});

/** One test with a monitor and a page of its own. */
function shows(name, world, body) {
  test(name, { timeout: 60_000 }, async () => {
    const fake = new Fake(BUILT, world);
    const url = await fake.listen();
    const page = await open(context, url);
    try {
      await body(page, fake, url);
      assert.deepEqual(page.complaints, []);
    } finally {
      await page.close();
      fake.close();
    }
  });
}

const chip = (page, ns) => page.locator(`.chip:not([hidden])`, { hasText: String(ns.inode) });
const live = (page) => page.waitForSelector('[data-is="live"]');

shows('what there is, is on the page', plausible(), async (page, fake) => {
  await live(page);
  await page.waitForSelector('.chip');
  assert.match(await page.locator('#totals').textContent(), new RegExp(`^${fake.world.namespaces.size} namespaces`));
  assert.equal(await page.locator('#host').textContent(), 'quiet-heron');
  assert.equal(await page.locator('#lost').isHidden(), true);
});

shows('a new namespace appears, is opened by a click, shows its process, and goes', new World(), async (page, fake) => {
  await live(page);
  const ns = fake.world.namespace('net');
  const known = fake.world.process('visitor', [ns]);
  fake.tell(created(ns, known));
  fake.tell(joined(known));
  await chip(page, ns).click();
  await page.locator('#details td', { hasText: /^visitor$/ }).waitFor();
  assert.match(await page.locator('#details h2').textContent(), new RegExp(`net:\\[${ns.inode}\\]`));
  fake.tell(left(known));
  fake.tell(destroyed(ns));
  await chip(page, ns).waitFor({ state: 'hidden' });
});

const sharing = new World();
const web = sharing.container(1);
const sidecar = sharing.container(2, { shared: { net: web.namespaces.net } });

shows('what two containers share is marked in both, joined by a line, and lit together', sharing, async (page) => {
  const both = chip(page, web.namespaces.net);
  await both.first().waitFor();
  assert.equal(await both.count(), 2);
  assert.equal(await page.locator('.chip.shared').count(), 2);
  assert.equal(await page.locator('.links path').count(), 1);
  await both.first().hover();
  await page.waitForFunction(() => document.querySelectorAll('.chip.lit').length === 2);
  await page.locator('.frame.group .title', { hasText: sidecar.container.id.slice(0, 12) }).click();
  await page.locator('#details dd', { hasText: 'shared with docker:' + web.container.id.slice(0, 12) }).waitFor();
});

shows('names are text, whatever is in them', new World(), async (page, fake) => {
  await live(page);
  const evil = '<img src=x onerror=document.title="owned">';
  const known = fake.world.process(evil, [fake.world.namespace('uts')], { id: '<script>alert(1)</script>', runtime: '"><b>' });
  const other = fake.world.process('a\u202Egnp.exe', [fake.world.namespace('net')]);
  for (const one of [known, other]) {
    fake.tell(created(one.namespaces[0], one));
    fake.tell(joined(one));
  }
  await chip(page, known.namespaces[0]).click();
  await page.locator('#details td', { hasText: evil }).first().waitFor();
  await page.locator('.frame .title', { hasText: 'a\\u{202e}gnp.exe' }).waitFor();
  assert.equal(await page.locator('img, #picture script, #tail script').count(), 0);
  assert.notEqual(await page.title(), 'owned');
});

shows('after a cut it goes on where it was, with nothing missing and nothing twice', new World(), async (page, fake) => {
  await live(page);
  const made = [];
  const tell = () => {
    const ns = fake.world.namespace('ipc');
    made.push(ns);
    fake.tell(created(ns));
  };
  tell();
  await chip(page, made[0]).waitFor();
  for (let i = 0; i < 5; i++) {
    const before = fake.asked.length;
    fake.cut();
    tell();
    tell();
    while (fake.asked.length === before) await page.waitForTimeout(20);
    assert.match(fake.asked.at(-1), new RegExp(`since=${fake.seq - 2}&stream=${fake.stream}`));
    await chip(page, made.at(-1)).waitFor();
  }
  for (const ns of made) assert.equal(await chip(page, ns).count(), 1);
  assert.equal(await page.locator('.row.k-namespace-created:not([hidden])').count(), made.length);
  assert.equal(await page.locator('#lost').isHidden(), true);
});

shows('a gap is said, and the state is taken anew', plausible(), async (page, fake) => {
  await live(page);
  const gone = [...fake.world.namespaces.values()].find((ns) => ns.type === 'net' && !ns.initial);
  fake.tell(created(fake.world.namespace('uts')));
  await page.waitForSelector('.row.k-namespace-created');
  fake.ringSize = 1;
  fake.cut();
  fake.world.namespaces.delete(gone.key);
  for (const known of fake.world.processes.values()) known.namespaces = known.namespaces.filter((ns) => ns !== gone);
  for (let i = 0; i < 7; i++) fake.tell(created(fake.world.namespace('time')));
  await page.waitForFunction(() => document.querySelector('#lost').textContent === 'lost: log 6');
  await chip(page, gone).first().waitFor({ state: 'hidden' });
  // Another stream: nobody knows how many are missing.
  fake.stream = 'another';
  fake.cut();
  await page.waitForFunction(() => document.querySelectorAll('.row.k-events-lost').length === 2);
  await live(page);
});

shows('a loss that is told after a restart of the monitor is shown', plausible(), async (page, fake) => {
  await live(page);
  fake.tell(created(fake.world.namespace('uts')));
  await page.waitForSelector('.row.k-namespace-created');
  fake.stream = 'another';
  fake.cut();
  await page.waitForFunction(() => document.querySelector('#lost').textContent === 'lost: log unknown');
  await page.waitForSelector('.row.k-events-lost');
  await live(page);
});

shows('what a newer monitor tells is shown as far as it is known', plausible(), async (page, fake) => {
  await live(page);
  const ns = fake.world.namespace('net');
  fake.tell(created(ns));
  fake.tell({ kind: 'namespace-frozen', namespace: ns });
  fake.tell({ kind: 'namespace-created', namespace: { type: 'syslog', key: 'syslog:1', initial: false } });
  await page.waitForFunction(() => document.querySelectorAll('.row.k-other').length === 2);
  await page.locator('.row', { hasText: 'namespace-frozen' }).waitFor();
  await chip(page, ns).first().waitFor();
});

shows('the tail pauses and counts, filters, and leads to the namespace and back', plausible(), async (page, fake) => {
  await live(page);
  const rows = page.locator('.row:not([hidden])');
  const known = fake.world.process('first', [fake.world.namespace('net')]);
  fake.tell(created(known.namespaces[0], known));
  fake.tell(joined(known));
  await page.locator('.row', { hasText: 'first' }).first().waitFor();
  await page.click('#pause');
  fake.tell(created(fake.world.namespace('uts')));
  await page.locator('#pause', { hasText: '1 waiting' }).waitFor();
  await page.click('#pause');
  await page.locator('.row .tag', { hasText: 'uts' }).first().waitFor();
  await page.click('#types .t-net');
  await page.waitForFunction(() => document.querySelectorAll('.row:not([hidden])').length === 2);
  await page.click('#kinds .k-process-joined');
  await page.waitForFunction(() => document.querySelectorAll('.row:not([hidden])').length === 1);
  await rows.first().click();
  await page.locator('.chip.selected', { hasText: String(known.namespaces[0].inode) }).waitFor();
  await page.click('#kinds .k-process-joined');
  await page.click('#types .t-net');
  await page.locator('#details button', { hasText: 'Events' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.row:not([hidden])').length === 2);
});

shows('what deserves attention stands out and says why', plausible(), async (page, fake) => {
  await live(page);
  const known = fake.world.process('escapee', [fake.world.namespace('mnt')]);
  fake.tell(created(known.namespaces[0], known));
  fake.tell(joinedHost(known));
  const row = page.locator('.row.alarm:not([hidden])');
  await row.waitFor();
  assert.match(await row.locator('.note').textContent(), /joined-host-mnt-namespace/);
  assert.match(await row.locator('.sign').getAttribute('aria-label'), /attention/);
  assert.equal(await row.count(), 1);
});

shows('the keyboard is enough', plausible(), async (page) => {
  await live(page);
  await page.waitForSelector('.chip');
  await page.keyboard.press('/');
  await page.keyboard.type('postgres net');
  await page.locator('#found', { hasText: '1 namespace found' }).waitFor();
  await page.keyboard.press('Enter');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  await page.locator('.chip.selected').waitFor();
  const active = await page.locator('#picture').getAttribute('aria-activedescendant');
  assert.equal(await page.locator('#' + active).getAttribute('role'), 'treeitem');
  await page.keyboard.press('Enter');
  await page.locator('#details td', { hasText: 'postgres' }).first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#details').waitFor({ state: 'hidden' });
});

shows('every view draws, and keeps to what is visible', World.of(3000), async (page) => {
  await live(page);
  for (const view of ['pid', 'user', 'type', 'container']) {
    await page.click(`[data-view=${view}]`);
    await page.waitForSelector('.frame:not([hidden])');
    await page.evaluate(() => (document.querySelector('#picture').scrollTop = 1e6));
    await page.waitForTimeout(100);
    assert.ok((await page.locator('.chip').count()) < 700, view);
  }
});

shows('at phone width picture and events are tabs, and nothing overflows', plausible(), async (page) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await live(page);
  await page.waitForSelector('.chip');
  assert.equal(await page.locator('#events').isVisible(), false);
  await page.click('#tabs [data-tab=events]');
  assert.equal(await page.locator('#events').isVisible(), true);
  assert.equal(await page.locator('#scene').isVisible(), false);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
});

test('a token is asked for where one is demanded', { timeout: 60_000 }, async () => {
  const fake = new Fake(BUILT, plausible());
  fake.token = 'sésame';
  const page = await open(context, await fake.listen());
  try {
    await page.fill('#token', 'wrong');
    await page.keyboard.press('Enter');
    await page.locator('#denied').waitFor();
    await page.fill('#token', fake.token);
    await page.keyboard.press('Enter');
    await live(page);
    await page.waitForSelector('.chip');
    assert.equal(new URL(page.url()).search, '');
    assert.deepEqual(page.complaints, []);
  } finally {
    await page.close();
    fake.close();
  }
});
