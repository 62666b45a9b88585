// Chromium, as the tests drive it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Runs `use` with a browser that keeps nothing. */
export async function withBrowser(use) {
  const directory = mkdtempSync(join(tmpdir(), 'nsmon-page-'));
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: process.env.NSMON_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    return await use(context);
  } finally {
    await context.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A page that fails on what the browser complains of: an error, or a breach of the policy. */
export async function open(context, url) {
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    // A cut connection and a refused one are part of the tests.
    if (message.type() === 'error' && !text.includes('WebSocket') && !text.includes('status of 401')) {
      page.complaints.push(text);
    }
  });
  await page.goto(url);
  return page;
}
