/** The scenarios of the experience that the foundation holds (S1 without its file, S3, S6, S8 without the ring, S12, S14), and the train ride. */
import { expect, type Browser } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import {
  describeBrowser,
  launchBrowser,
  openContext,
  openProfile,
  type ContextOptions,
  type WatchedContext,
} from '#tests/support/browser.ts';
import { openLink, type Link } from '#tests/support/link.ts';
import { Person } from '#tests/support/person.ts';
import { startTestServer, type TestServer } from '#tests/support/test-server.ts';

/** What a browser says by itself about a network that is gone. */
const NETWORK_GONE = [/net::ERR_/, /WebSocket connection to/, /Failed to load resource/];

describeBrowser('people on several devices, offline and on', () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startTestServer();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** A device of its own in the shared browser, on a link of its own. */
  async function device(
    name: string,
    options: ContextOptions = {},
  ): Promise<{ person: Person; link: Link; watched: WatchedContext; end: () => Promise<void> }> {
    const link = await openLink(server.port);
    const watched = await openContext(browser, { ...options, allow: NETWORK_GONE });
    const person = new Person(await watched.page(), name, link.url);
    return {
      person,
      link,
      watched,
      end: async () => {
        await watched.close();
        await link.close();
      },
    };
  }

  test('S1: offline through a cold reload, a person reads, searches, sends, edits, deletes and reacts; all of it merges', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chatsync-profile-'));
    const link = await openLink(server.port);
    let profile = await openProfile(folder, { allow: NETWORK_GONE });
    let ana = new Person(await profile.page(), 'Ana One', link.url);
    const ben = await device('Ben One');
    const second = await device('Ana One');
    await ana.signUp();
    await ben.person.signUp();
    await ana.startDirect('Ben One');
    await ana.send('before the tunnel');
    await ana.seesState('before the tunnel', 'sent');
    await ben.person.open('Ana One');
    await ben.person.seesTexts(['before the tunnel']);
    await ana.installed();

    link.cut();
    await ana.page.reload();
    await ana.offline();
    await ana.open('Ben One');
    await ana.seesTexts(['before the tunnel']);
    await ana.page.getByRole('searchbox', { name: 'Search messages' }).fill('tunnel');
    await expect(ana.page.getByRole('list', { name: 'Search results' }).getByRole('listitem')).toHaveCount(1);
    await ana.page.keyboard.press('Escape');
    await ana.send('first from the train');
    await ana.send('second from the train');
    await ana.send('third, better not');
    await ana.edit('second from the train', 'second, corrected');
    await ana.delete('third, better not');
    await ana.message('before the tunnel').hover();
    await ana.message('before the tunnel').getByRole('button', { name: 'React' }).click();
    await ana.page.getByRole('dialog', { name: 'Emoji' }).getByRole('button', { name: '👍' }).first().click();
    await expect(ana.message('before the tunnel').getByRole('button', { name: '👍' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await profile.close();

    profile = await openProfile(folder, { allow: NETWORK_GONE });
    ana = new Person(await profile.page(), 'Ana One', link.url);
    await ana.page.goto(link.url);
    await ana.offline();
    await ana.open('Ben One');
    await ana.seesTexts(['before the tunnel', 'first from the train', 'second, corrected']);
    await ana.seesState('second, corrected', 'local');

    link.mend();
    await ana.online();
    await ana.seesState('second, corrected', 'sent');
    await ben.person.seesTexts(['before the tunnel', 'first from the train', 'second, corrected']);
    await expect(ben.person.message('before the tunnel').getByRole('button', { name: '👍' })).toBeVisible();
    await second.person.signIn();
    await second.person.open('Ben One');
    await second.person.seesTexts(['before the tunnel', 'first from the train', 'second, corrected']);
    await Promise.all([ben.end(), second.end(), profile.close()]);
    await link.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('S3: two people who start the direct chat offline meet in one conversation', async () => {
    const ana = await device('Ana Three');
    const ben = await device('Ben Three');
    await ana.person.signUp();
    await ben.person.signUp();
    // They know of each other from a group.
    await ana.person.createGroup('Acquaintances', ['Ben Three']);
    await ben.person.open('Acquaintances');
    await ana.person.online();
    // All of the app is on both devices; a dialog that was never opened would be missing.
    await Promise.all([ana.person.installed(), ben.person.installed()]);
    ana.link.cut();
    ben.link.cut();
    await Promise.all([ana.person.offline(), ben.person.offline()]);
    await ana.person.startDirect('Ben Three');
    await ana.person.send('from Ana');
    await ben.person.startDirect('Ana Three');
    await ben.person.send('from Ben');
    await expect(ana.person.conversations.getByRole('listitem').filter({ hasText: 'Ben Three' }).first()).toContainText(
      /pending/i,
    );
    ana.link.mend();
    ben.link.mend();
    await ana.person.seesTexts(['from Ana', 'from Ben']);
    await ben.person.seesTexts(['from Ana', 'from Ben']);
    await expect(ana.person.conversations.getByRole('link', { name: 'Ben Three', exact: true })).toHaveCount(1);
    await Promise.all([ana.end(), ben.end()]);
  });

  test('S6: a message deleted while it was queued never leaves the device', async () => {
    const ana = await device('Ana Six');
    const ben = await device('Ben Six');
    await ana.person.signUp();
    await ben.person.signUp();
    await ana.person.startDirect('Ben Six');
    await ana.person.send('hello');
    await ben.person.open('Ana Six');
    await ben.person.seesTexts(['hello']);
    await ana.person.installed();
    const frames: Buffer[] = [];
    ana.person.page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => frames.push(Buffer.from(payload))),
    );
    ana.link.cut();
    await ana.person.offline();
    await ana.person.send('a secret to take back');
    await ana.person.delete('a secret to take back');
    await ana.person.send('never mind');
    ana.link.mend();
    await ben.person.seesTexts(['hello', 'never mind']);
    await ana.person.seesState('never mind', 'sent');
    expect(Buffer.concat(frames).includes('never mind')).toBe(true);
    expect(Buffer.concat(frames).includes('secret')).toBe(false);
    await Promise.all([ana.end(), ben.end()]);
  });

  test('S8: two tabs of one person send each message once', async () => {
    const ana = await device('Ana Eight');
    const ben = await device('Ben Eight');
    await ana.person.signUp();
    await ben.person.signUp();
    await ana.person.startDirect('Ben Eight');
    await ana.person.send('from the first tab');
    const tab = new Person(await ana.watched.page(), 'Ana Eight', ana.link.url);
    await tab.page.goto(ana.person.page.url());
    await tab.seesTexts(['from the first tab']);
    await tab.send('from the second tab');
    await ana.person.send('and from the first again');
    await ben.person.open('Ana Eight');
    await ben.person.seesTexts(['from the first tab', 'from the second tab', 'and from the first again']);
    await tab.seesState('and from the first again', 'sent');
    await ana.person.page.close();
    await tab.send('the leader is gone');
    await tab.seesState('the leader is gone', 'sent');
    await ben.person.seesTexts([
      'from the first tab',
      'from the second tab',
      'and from the first again',
      'the leader is gone',
    ]);
    await Promise.all([ana.end(), ben.end()]);
  });

  test('S12: a new device gets the whole history and the same unread', async () => {
    const ana = await device('Ana Twelve');
    const ben = await device('Ben Twelve');
    await ana.person.signUp();
    await ben.person.signUp();
    await ana.person.createGroup('Twelve', ['Ben Twelve']);
    await ana.person.send('one');
    await ben.person.open('Twelve');
    await ben.person.seesTexts(['one']);
    await ben.person.page.goto(ben.link.url);
    await ana.person.send('two');
    await ana.person.send('three');
    await ana.person.seesState('three', 'sent');
    const row = (person: Person) => person.conversations.getByRole('link', { name: 'Twelve', exact: true });
    await expect(row(ben.person)).toHaveAccessibleDescription(/^2 unread messages/, { timeout: 30_000 });
    const again = await device('Ben Twelve');
    await again.person.signIn();
    await expect(row(again.person)).toHaveAccessibleDescription(/^2 unread messages/, { timeout: 30_000 });
    await again.person.open('Twelve');
    await again.person.seesTexts(['one', 'two', 'three']);
    await expect(row(ben.person)).not.toHaveAccessibleDescription(/unread/, { timeout: 30_000 });
    await Promise.all([ana.end(), ben.end(), again.end()]);
  });

  test('S14: a device whose clock is a day ahead does not disturb the order of the others', async () => {
    const ana = await device('Ana Fourteen', { serviceWorkers: 'block' });
    const ben = await device('Ben Fourteen');
    await ana.watched.context.route(/worker.*\.js/, async (route) => {
      const response = await route.fetch();
      const ahead = '{ const now = Date.now; Date.now = () => now() + 86_400_000; }';
      await route.fulfill({ response, body: `${ahead}\n${await response.text()}` });
    });
    await ana.person.signUp();
    await ben.person.signUp();
    await ben.person.startDirect('Ana Fourteen');
    await ben.person.send('with the right clock');
    await ana.person.open('Ben Fourteen');
    await ana.person.seesTexts(['with the right clock']);
    ana.link.cut();
    await ana.person.offline();
    await ana.person.send('from tomorrow');
    ana.link.mend();
    await ana.person.seesState('from tomorrow', 'sent');
    const order = ['with the right clock', 'from tomorrow', 'after it'];
    await ben.person.seesTexts(order.slice(0, 2));
    await ben.person.send('after it');
    await ana.person.seesTexts(order);
    await ben.person.seesTexts(order);
    await Promise.all([ana.end(), ben.end()]);
  });

  test('five messages written offline survive a killed browser and a restarted server, and arrive once, in order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chatsync-profile-'));
    const link = await openLink(server.port);
    let profile = await openProfile(folder, { allow: NETWORK_GONE });
    let ana = new Person(await profile.page(), 'Ana Train', link.url);
    const ben = await device('Ben Train');
    await ana.signUp();
    await ben.person.signUp();
    await ana.startDirect('Ben Train');
    await ana.installed();
    await ana.online();
    // Chromium writes cookies to disk up to half a minute late; closing it in order does so at once. The kill comes after.
    await profile.close();
    profile = await openProfile(folder, { allow: NETWORK_GONE });
    ana = new Person(await profile.page(), 'Ana Train', link.url);
    await ana.page.goto(link.url);
    await ana.online();
    await ana.open('Ben Train');
    link.cut();
    await ana.offline();
    const five = ['one', 'two', 'three', 'four', 'five'].map((word) => `offline ${word}`);
    for (const text of five) await ana.send(text);
    await profile.kill();
    await server.kill();
    profile = await openProfile(folder, { allow: NETWORK_GONE });
    ana = new Person(await profile.page(), 'Ana Train', link.url);
    await ana.page.goto(link.url);
    await ana.open('Ben Train');
    await ana.seesTexts(five);
    for (const text of five) await ana.seesState(text, 'local');
    await server.start();
    link.mend();
    for (const text of five) await ana.seesState(text, 'sent');
    await ben.person.open('Ana Train');
    await ben.person.seesTexts(five);
    await Promise.all([ben.end(), profile.close()]);
    await link.close();
    await rm(folder, { recursive: true, force: true });
  });
});
