import { vi } from 'vitest';
import { runSeeds } from './run-seeds.ts';

vi.mock('#client/store/deflate.ts', () => import('./deflate-at-once.ts'));

runSeeds(0, 2);
