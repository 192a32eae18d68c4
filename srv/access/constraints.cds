using {leanix} from '../../db/schema';
using from '../../db/access';

/** On the entities, so that they apply to all writes. Checks that need code are in constraints.ts. */
annotate leanix.AccessConfig with {
  correlateBy         @mandatory  @assert.range: true;
  dormantDays         @mandatory  @assert.range: [
    1,
    3650
  ];
  maxSuspended        @assert.range: [
    0,
    1000000
  ];
  maxSuspendedPercent @assert.range: [
    0,
    100
  ];
  maxRemoved          @assert.range: [
    0,
    1000000
  ];
  maxRemovedPercent   @assert.range: [
    0,
    100
  ];
  maxCreated          @assert.range: [
    0,
    1000000
  ];
  maxCreatedPercent   @assert.range: [
    0,
    100
  ];
  maxLeavers @assert.range: [
    0,
    1000000
  ];
  maxLeaversPercent @assert.range: [
    0,
    100
  ];
  maxRolesGiven @assert.range: [
    0,
    1000000
  ];
  maxRolesGivenPercent @assert.range: [
    0,
    100
  ];
  maxRolesTaken @assert.range: [
    0,
    1000000
  ];
  maxRolesTakenPercent @assert.range: [
    0,
    100
  ];
  maxEnabled @assert.range: [
    0,
    1000000
  ];
  maxEnabledPercent @assert.range: [
    0,
    100
  ];
  maxAdmins @assert.range: [
    0,
    1000000
  ];
  maxAdminsPercent @assert.range: [
    0,
    100
  ];
};

annotate leanix.AccessMapping with {
  direction  @mandatory  @assert.range: true;
  target     @mandatory;
  expression @mandatory;
};

annotate leanix.Job with {
  config     @readonly;
  kind       @readonly;
  schedule   @mandatory  @assert.range: true;
  everyHours @mandatory  @assert.range: [
    1,
    720
  ];
  atTime     @mandatory;
  weekday    @mandatory  @assert.range: true;
  timeZone   @mandatory;
  nextRunAt  @readonly;
  lastRunAt  @readonly;
};
