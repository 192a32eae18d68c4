using from './value-helps';
using from './iflows';
using from './runs';
using from './items';
