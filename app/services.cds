using from './common/labels';
using from './runtime/annotations';
using from './settings/annotations';
using from './access/annotations';
