/** What names a device's database and the form of its tables, for those who look into it without Dexie too. */

/** The name of a user's database. */
export function databaseName(user: string): string {
  return `chatsync-${user}`;
}

/** The newest version of the tables (open-database.ts). */
export const TABLES_VERSION = 1;
