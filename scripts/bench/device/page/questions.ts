/** What the page is asked, and how. */

/** A conversation as it is made: `months` of messages from one seed. */
export interface FillPlan {
  readonly seed: number;
  readonly messages: number;
  /** Calendar months it is spread over, up to November 2026. */
  readonly months: number;
  /** Every message has so many characters; null: as people write (median 91, mean 161). */
  readonly length: number | null;
}

/** Whose database a figure is about (each user has one), and which of the conversations in it. */
export interface Place {
  readonly user: number;
  readonly conversation: number;
}

export type Question =
  | ({ readonly figure: 'fill'; readonly plan: FillPlan } & Place)
  | ({ readonly figure: 'open' } & Place)
  | ({ readonly figure: 'append'; readonly count: number } & Place)
  | ({ readonly figure: 'log'; readonly count: number } & Place)
  | ({ readonly figure: 'search'; readonly plan: FillPlan; readonly queries: number } & Place)
  | { readonly figure: 'bare-put'; readonly count: number }
  | { readonly figure: 'documents'; readonly layout: Layout; readonly count: number };

/** Where documents are kept: one database for all, or y-indexeddb's one for each. */
export type Layout = 'one-database' | 'y-indexeddb';

/** Named numbers; what each is stands at the function that measures it. */
export type Figures = Readonly<Record<string, number>>;

declare global {
  interface Window {
    /** Asks a worker of its own, as a tab has: nothing is warm. */
    measure(question: Question): Promise<Figures>;
  }
}
