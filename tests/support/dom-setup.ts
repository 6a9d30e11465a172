import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

// Without vitest's globals the library cannot register this by itself: a component left mounted leaks into the next test.
afterEach(cleanup);
