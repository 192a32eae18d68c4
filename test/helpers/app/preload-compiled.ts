import { reuseCompiled } from './compiled.ts';

reuseCompiled();
