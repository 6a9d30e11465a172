/** What the stock endpoint measures of itself besides `RelayFigures`. */
import type { Counter } from 'prom-client';
import type { Metrics } from '../../metrics.ts';
import type { StockMessage } from './message.ts';

export interface StockFigures {
  /** Messages of providers, by type; `other` is counted and ignored. */
  readonly messages: Counter<'type'>;
}

/** @param sockets how many are open */
export function createStockFigures(metrics: Metrics, sockets: () => number): StockFigures {
  metrics.gauge('chatsync_stock_sockets', 'Open sockets of stock providers', sockets);
  const messages = metrics.counter('chatsync_stock_messages_total', 'Messages of stock providers, by type', ['type']);
  for (const type of ['step-1', 'step-2', 'update', 'awareness', 'other'] satisfies StockMessage['type'][])
    messages.inc({ type }, 0);
  return { messages };
}
