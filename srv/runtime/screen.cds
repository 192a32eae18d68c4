using {leanix} from '../../db/schema';
using from '../../db/codes';
using {RuntimeService} from './runtime-service';

// What only the screens need.
extend service RuntimeService with {

  /** For value helps: what occurs among the iFlows. */
  @readonly
  entity Packages        as
    select from leanix.IFlow {
      key packageId,
          max(packageName) as packageName : String(500)
    }
    where
      packageId is not null
    group by
      packageId;

  @readonly
  entity ArtifactTypes   as
    select from leanix.IFlow
    mixin {
      code : Association to leanix.Code
               on  code.list = 'artifactType'
               and code.code = type;
    }
    into {
      key type,
          /** Types are an open list: one without a text stands for itself. CAP translates no names in expressions. */
          max(coalesce(
            code.localized.name, code.name, type
          )) as name : String(100)
    }
    where
      type is not null
    group by
      type;

  @readonly
  entity ArtifactStatuses as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'artifactStatus';

  @readonly
  entity LinkStatuses as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'linkStatus';

  @readonly
  entity MatchKinds as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'matchedBy';

  /** Names for what models say: states, roles, patterns, directions and so on. */
  @readonly
  entity ModelTerms as
    projection on leanix.Code {
      key list,
      key code,
          name
    }
    where
      list in (
        'modelState', 'iflowRole', 'iflowPattern', 'channelDirection', 'channelAccess', 'addressState', 'callStatus'
      );

  @readonly
  entity RunKinds as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'runKind'
      and code in (
        'refresh', 'match', 'create', 'update', 'sync', 'preview', 'apply', 'analyze'
      );

  @readonly
  entity RunStatuses as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'runStatus';

  @readonly
  entity ItemActions as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'itemAction';

  @readonly
  entity ItemStatuses as
    projection on leanix.Code {
      key code,
          name
    }
    where
      list = 'itemStatus';
}

// States in words, in the language of the user, and in the colours of Fiori elements.
extend projection RuntimeService.IFlows with {
  typeText       : Association to RuntimeService.ArtifactTypes
                     on typeText.type = type,
  statusText     : Association to RuntimeService.ArtifactStatuses
                     on statusText.code = status,
  linkStatusText : Association to RuntimeService.LinkStatuses
                     on linkStatusText.code = linkStatus,
  modelStateText : Association to RuntimeService.ModelTerms
                     on  modelStateText.list = 'modelState'
                     and modelStateText.code = modelState,
  roleText : Association to RuntimeService.ModelTerms
                     on  roleText.list = 'iflowRole'
                     and roleText.code = role,
  patternText : Association to RuntimeService.ModelTerms
                     on  patternText.list = 'iflowPattern'
                     and patternText.code = pattern,
  (
    case
      model.state
      when 'read'
           then 3
      when 'fromConfiguration'
           then 2
      when 'unreadable'
           then 1
      else 0
    end
  )                  as modelCriticality : Integer,
  matchedByText  : Association to RuntimeService.MatchKinds
                     on matchedByText.code = matchedBy,
  (
    case
      status
      when 'Started'
           then 3
      when 'Error'
           then 1
      when 'Starting'
           then 2
      when 'Stopping'
           then 2
      else 0
    end
  )                  as statusCriticality : Integer
}

extend projection RuntimeService.Channels with {
  directionText : Association to RuntimeService.ModelTerms
                     on  directionText.list = 'channelDirection'
                     and directionText.code = direction,
  accessText : Association to RuntimeService.ModelTerms
                     on  accessText.list = 'channelAccess'
                     and accessText.code = access,
  addressStateText : Association to RuntimeService.ModelTerms
                     on  addressStateText.list = 'addressState'
                     and addressStateText.code = addressState
}

extend projection RuntimeService.Calls with {
  statusText : Association to RuntimeService.ModelTerms
                     on  statusText.list = 'callStatus'
                     and statusText.code = status,
  (
    case
      status
      when 'resolved'
           then 3
      when 'dynamic'
           then 0
      else 2
    end
  ) as statusCriticality : Integer
}

extend projection RuntimeService.SyncRuns with {
  kindText   : Association to RuntimeService.RunKinds
                 on kindText.code = kind,
  statusText : Association to RuntimeService.RunStatuses
                 on statusText.code = status,
  (
    case
      status
      when 'completed'
           then 3
      when 'completedWithError'
           then 2
      when 'cancelRequested'
           then 2
      when 'failed'
           then 1
      when 'running'
           then 5
      when 'requested'
           then 5
      else 0
    end
  ) as statusCriticality : Integer
}

extend projection RuntimeService.SyncItems with {
  actionText : Association to RuntimeService.ItemActions
                 on actionText.code = action,
  statusText : Association to RuntimeService.ItemStatuses
                 on statusText.code = status,
  (
    case
      status
      when 'done'
           then 3
      when 'failed'
           then 1
      when 'skipped'
           then 2
      else 0
    end
  ) as statusCriticality : Integer
}
