using from '../../srv/settings/screen';
using from './labels';
using from './layouts';
using from './value-helps';
using from './behaviour';
using from './history';
