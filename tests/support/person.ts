/** What a person does in the app, by the roles and names of the screens. */
import { expect, type Locator, type Page } from '@playwright/test';

/** The password of everybody in tests. */
const PASSWORD = 'correct horse battery';

/** How long something may take that needs no network, and that needs one, in ms. */
const SOON = 10_000;
const SYNCED = 30_000;

/** A person at one device's page. */
export class Person {
  readonly page: Page;
  readonly name: string;
  readonly url: string;

  constructor(page: Page, name: string, url: string) {
    this.page = page;
    this.name = name;
    this.url = url;
  }

  get email(): string {
    return `${this.name.toLowerCase().replace(/[^a-z]/g, '.')}@example.org`;
  }

  async signUp(): Promise<void> {
    await this.page.goto(`${this.url}/sign-up`);
    await this.page.getByRole('textbox', { name: 'Name' }).fill(this.name);
    await this.page.getByRole('textbox', { name: 'Email' }).fill(this.email);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await this.online();
  }

  async signIn(): Promise<void> {
    await this.page.goto(`${this.url}/sign-in`);
    await this.page.getByRole('textbox', { name: 'Email' }).fill(this.email);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.online();
  }

  get connection(): Locator {
    return this.page.getByRole('status', { name: 'Connection' });
  }

  /** Everything is at the server. */
  async online(): Promise<void> {
    await expect(this.connection).toHaveText(/^(Online|All changes saved)$/, { timeout: SYNCED });
  }

  async offline(): Promise<void> {
    await expect(this.connection).toHaveText('Offline. Changes will sync later.', { timeout: SYNCED });
  }

  /** The app is installed for offline use: its service worker controls the page. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller) {
        await new Promise((resolve) =>
          navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
        );
      }
    });
  }

  async startDirect(other: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'New conversation' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'New conversation' });
    await dialog.getByRole('tab', { name: 'Direct' }).click();
    await dialog.getByRole('combobox', { name: 'Search people' }).fill(other);
    await this.page.getByRole('option', { name: other }).click();
    await dialog.getByRole('button', { name: 'Start chat' }).click();
    await expect(this.page.getByRole('heading', { level: 1, name: other })).toBeVisible({ timeout: SOON });
  }

  async createGroup(title: string, people: readonly string[]): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'New conversation' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'New conversation' });
    await dialog.getByRole('tab', { name: 'Group' }).click();
    await dialog.getByRole('textbox', { name: 'Group name' }).fill(title);
    for (const person of people) {
      await dialog.getByRole('combobox', { name: 'Search people' }).fill(person);
      await this.page.getByRole('option', { name: person }).click();
    }
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible({ timeout: SOON });
  }

  get conversations(): Locator {
    return this.page.getByRole('list', { name: 'Conversations' });
  }

  async open(title: string): Promise<void> {
    await this.conversations.getByRole('link', { name: title, exact: true }).click({ timeout: SYNCED });
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible({ timeout: SOON });
  }

  get messages(): Locator {
    return this.page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  /** Sends and waits until it is on screen and durable on this device. */
  async send(text: string): Promise<void> {
    const box = this.page.getByRole('textbox', { name: 'Message' });
    await box.fill(text);
    await box.press('Enter');
    await expect(this.message(text)).toHaveCount(1, { timeout: SOON });
  }

  async edit(text: string, to: string): Promise<void> {
    await this.message(text).hover();
    await this.message(text).getByRole('button', { name: 'Edit', exact: true }).click();
    const box = this.page.getByRole('textbox', { name: 'Edit message' });
    await box.fill(to);
    await this.page.getByRole('button', { name: 'Save' }).click();
    await expect(this.message(to)).toHaveCount(1, { timeout: SOON });
  }

  async delete(text: string): Promise<void> {
    await this.message(text).hover();
    await this.message(text).getByRole('button', { name: 'More actions' }).click();
    await this.page.getByRole('menuitem', { name: 'Delete' }).click();
    await this.page.getByRole('button', { name: 'Delete for everyone' }).click();
    await expect(this.message(text)).toHaveCount(0, { timeout: SOON });
  }

  /** The texts of the conversation's messages, in order, without times and states. */
  async texts(): Promise<string[]> {
    return this.messages.locator('[data-testid=message-text]').allTextContents();
  }

  async seesTexts(texts: readonly string[]): Promise<void> {
    await expect(this.messages.locator('[data-testid=message-text]')).toHaveText([...texts], { timeout: SYNCED });
  }

  async seesState(text: string, state: 'local' | 'sent'): Promise<void> {
    const label = state === 'local' ? 'Saved on this device' : 'Sent';
    await expect(this.message(text).getByRole('img', { name: label })).toBeVisible({ timeout: SYNCED });
    await expect(this.message(text)).toHaveAttribute('data-state', state);
  }
}
