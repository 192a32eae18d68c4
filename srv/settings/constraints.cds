using {leanix} from '../../db/schema';

/** On the entities, so that every way of writing meets them. What needs code stands in constraints.ts. */
annotate leanix.LeanIXConfig with {
  name             @mandatory;
  workspaceName    @readonly;
  connectionStatus @readonly;
  lastTestedAt     @readonly;
};

annotate leanix.FieldMapping with {
  iflowField @mandatory;
  leanixPath @mandatory;
  writeMode  @assert.range: true;
};
