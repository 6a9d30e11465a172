import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { fillDomGaps } from './dom-gaps.ts';

fillDomGaps();
// Finding by role in jsdom is slow, and slower on a machine that does other things besides.
vi.setConfig({ testTimeout: 30_000 });
// How long something may take to appear, in ms: scripts that load when they are wanted are slow on a busy machine.
configure({ asyncUtilTimeout: 15_000 });
// React then complains about updates that no test awaited; the testing library sets this only where tests are globals.
(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

// Without vitest's globals the library cannot register this by itself: a component left mounted leaks into the next test.
afterEach(cleanup);
