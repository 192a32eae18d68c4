using from './settings/settings-service';
using from './settings/auth';
using from './settings/constraints';
using from './settings/screen';
using from './settings/history';
using from './runtime/runtime-service';
using from './runtime/auth';
using from './runtime/screen';
