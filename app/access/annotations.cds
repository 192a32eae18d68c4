using from '../../srv/access/screen';
using from './labels';
using from './value-helps';
using from './dialogs';
using from './accounts';
using from './tasks';
using from './jobs';
using from './governance';
