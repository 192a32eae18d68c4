using {leanix} from '../../db/schema';

/** On the entities, so that they apply to all writes. Checks that need code are in constraints.ts. */
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
