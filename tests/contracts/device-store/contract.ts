/** What every DeviceStore must keep, wherever its database lives. One list of cases, run in Node and in Chromium. */
import { commandCases } from './command-cases.ts';
import { damageCases } from './damage-cases.ts';
import { deletionCases } from './deletion-cases.ts';
import { deltaCases } from './delta-cases.ts';
import { hydrationCases } from './hydration-cases.ts';
import { outboxCases } from './outbox-cases.ts';
import { ownEventCases } from './own-event-cases.ts';
import { repairCases } from './repair-cases.ts';
import { summaryCases } from './summary-cases.ts';
import type { StoreCase } from './store-case.ts';
import { tabCases } from './tab-cases.ts';

export const deviceStoreContract: readonly StoreCase[] = [
  ...ownEventCases,
  ...outboxCases,
  ...deltaCases,
  ...deletionCases,
  ...hydrationCases,
  ...repairCases,
  ...summaryCases,
  ...commandCases,
  ...damageCases,
  ...tabCases,
];
