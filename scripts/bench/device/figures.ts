/** How much of everything is measured. */
export interface RowFigures {
  /** Messages of the long conversation, and calendar months they are spread over. */
  readonly longConversation: { readonly messages: number; readonly months: number };
  /** Cold opens of each conversation. */
  readonly opens: number;
  /** Messages at rest, and messages in the log. */
  readonly resting: number;
  readonly logged: number;
  /** Durable writes of each kind. */
  readonly writes: number;
  /** Messages searched, and searches. */
  readonly searched: number;
  readonly searches: number;
  /** Documents, and how often the two ways to keep them take turns. */
  readonly documents: number;
  readonly documentRounds: number;
  /** Messages a new device gets, and calendar months. */
  readonly history: { readonly messages: number; readonly months: number };
  /** Messages written by hand. */
  readonly keyPresses: number;
}

/** The numbers of the design's table; `quick` takes small ones, to see that it runs. */
export const figuresOf = (quick: boolean): RowFigures => ({
  longConversation: { messages: quick ? 20_000 : 1_000_000, months: quick ? 12 : 60 },
  opens: quick ? 3 : 15,
  resting: quick ? 10_000 : 200_000,
  logged: quick ? 200 : 2_000,
  writes: quick ? 30 : 300,
  searched: quick ? 5_000 : 200_000,
  searches: quick ? 8 : 40,
  documents: quick ? 100 : 1_000,
  documentRounds: quick ? 1 : 3,
  history: { messages: quick ? 4_000 : 200_000, months: quick ? 12 : 60 },
  keyPresses: quick ? 10 : 60,
});
