// The page before a real monitor: node test/live.mjs URL [TOKEN]. Needs root, for it makes namespaces.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { open, withBrowser } from './browser.mjs';

const [url, token] = process.argv.slice(2);

await withBrowser(async (context) => {
  const page = await open(context, url);
  if (token) {
    await page.fill('#token', token);
    await page.keyboard.press('Enter');
  }
  await page.waitForSelector('[data-is="live"]');
  await page.waitForSelector('.frame.host');
  const child = spawn('unshare', ['--uts', '--net', 'sleep', '300'], { stdio: 'ignore' });
  try {
    const own = { uts: readlinkSync('/proc/self/ns/uts'), net: readlinkSync('/proc/self/ns/net') };
    const inode = async (type) => {
      for (;;) {
        const name = readlinkSync(`/proc/${child.pid}/ns/${type}`);
        if (name !== own[type]) return name.match(/\d+/)[0];
        await page.waitForTimeout(10);
      }
    };
    const uts = await inode('uts');
    // There may be much else on this host, and namespaces of other types have the same inodes.
    const chip = (state) => page.locator(`.chip.t-uts${state}:not([hidden])`, { hasText: uts });
    await page.fill('#search', uts);
    // An earlier namespace may have had the inode, and be shown until its end has arrived.
    const opened = async () => {
      await chip(':not(.dying)').first().click({ timeout: 1000 });
      await page.locator('#details td', { hasText: String(child.pid) }).first().waitFor({ timeout: 1000 });
    };
    const deadline = Date.now() + 30_000;
    for (let done = false; !done; ) {
      done = await opened().then(() => true, () => false);
      assert.ok(done || Date.now() < deadline, `the namespace of ${child.pid} is not shown`);
    }
    // It is named as it was called when it was met, which may be before it became sleep.
    await page.locator('#details td', { hasText: /^(unshare|sleep)$/ }).first().waitFor();
    await page.locator('.row .tag', { hasText: uts }).first().waitFor();
    await page.fill('#search', '');
    child.kill('SIGKILL');
    await chip('.selected').waitFor({ state: 'hidden' });
    await page.locator('.row.k-namespace-destroyed .tag', { hasText: uts }).first().waitFor();
    assert.deepEqual(page.complaints, []);
  } finally {
    child.kill('SIGKILL');
  }
});
console.log('live: a namespace appeared, was opened, showed its process, and went');
