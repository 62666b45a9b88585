// Figures of the page: node test/figures.mjs BUILT. First picture with 1,000 namespaces, and the
// longest frames with 10,000 at 500 events a second, out of the browser's own trace.

import { open, withBrowser } from './browser.mjs';
import { Fake, World } from './fake.mjs';

const built = process.argv[2];
const seconds = Number(process.argv[3] ?? 20);

await withBrowser(async (context) => {
  const firsts = [];
  for (let i = 0; i < 5; i++) {
    const fake = new Fake(built, World.of(1000));
    const page = await open(context, await fake.listen());
    await page.waitForFunction(() => performance.getEntriesByName('nsmon-picture').length > 0);
    // Until the frame that was begun then has been shown.
    firsts.push(await page.evaluate(() => new Promise((done) => {
      requestAnimationFrame(() => done(performance.getEntriesByName('nsmon-picture')[0].startTime));
    })));
    await page.close();
    fake.close();
  }
  console.log(`first picture, 1,000 namespaces: ${firsts.map((ms) => ms.toFixed(0)).join(', ')} ms after navigation began`);
});

for (const view of ['container', 'pid', 'user', 'type']) {
  await withBrowser((context) => run(context, view));
}

async function run(context, view) {
  const fake = new Fake(built, World.of(10_000));
  const page = await open(context, await fake.listen());
  await page.waitForSelector('.chip');
  await page.click(`[data-view=${view}]`);
  await page.waitForTimeout(1500);
  const stop = fake.churn(500);
  await page.waitForTimeout(1500);
  const session = await context.newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((done) => session.once('Tracing.tracingComplete', done));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] },
  });
  const before = fake.seq;
  const began = performance.now();
  // Someone looks about meanwhile.
  await page.mouse.move(500, 500);
  while (performance.now() - began < seconds * 1000) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(250);
  }
  const rate = (fake.seq - before) / ((performance.now() - began) / 1000);
  await session.send('Tracing.end');
  await complete;
  stop();
  // There may be other renderers; the page's is the one whose frames we drew.
  const main = events.find((one) => one.name === 'FireAnimationFrame');
  const tasks = events
    .filter((one) => one.ph === 'X' && one.name.endsWith('RunTask') && one.tid === main.tid && one.pid === main.pid)
    .map((one) => one.dur / 1000)
    .sort((a, b) => b - a);
  const frames = events.filter((one) => one.name === 'FireAnimationFrame').map((one) => one.ts / 1000).sort((a, b) => a - b);
  const gaps = frames.slice(1).map((ts, i) => ts - frames[i]).sort((a, b) => b - a);
  const scripts = events.filter((one) => one.name === 'FireAnimationFrame').map((one) => one.dur / 1000).sort((a, b) => b - a);
  const at = (list, share) => (list[Math.floor(list.length * share)] ?? 0).toFixed(1);
  console.log(
    `${view}: 10,000 namespaces, ${rate.toFixed(0)} events/s: ${frames.length} frames in ${seconds} s; ` +
      `task of the main thread: longest ${at(tasks, 0)} ms, 99 % under ${at(tasks, 0.01)} ms; ` +
      `our part of a frame: longest ${at(scripts, 0)} ms, median ${at(scripts, 0.5)} ms; ` +
      `from frame to frame: longest ${at(gaps, 0)} ms, 99 % under ${at(gaps, 0.01)} ms; tasks over 50 ms: ${tasks.filter((ms) => ms > 50).length}`,
  );
  if (page.complaints.length > 0) console.log(page.complaints);
  await page.close();
  fake.close();
}
