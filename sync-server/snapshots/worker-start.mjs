// A thread inherits how its process reads TypeScript only if that was said on the command line; this says it in any case.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
