/** The seeded people. example.org belongs to nobody (RFC 2606). */
export const SEED_PEOPLE = {
  ana: { name: 'Ana Ferreira', email: 'ana@example.org', about: 'Usually in the garden' },
  ben: { name: 'Ben Okafor', email: 'ben@example.org', about: '' },
  chloe: { name: 'Chloé Martin', email: 'chloe@example.org', about: 'Out on Fridays' },
  dev: { name: 'Dev Patel', email: 'dev@example.org', about: 'Trains, mostly' },
  elsa: { name: 'Elsa Lindqvist', email: 'elsa@example.org', about: '' },
} as const;

export type SeedName = keyof typeof SEED_PEOPLE;

/** The password of all of them. */
export const SEED_PASSWORD = 'chatsync-dev';
