using {leanix} from '../../db/schema';
using from '../../db/audit';
using from '../../db/codes';
using {SettingsService} from './settings-service';

extend service SettingsService with {

  /** The audit, for users who can see the settings. Nobody can change it. */
  @readonly
  entity AuditEntries   as projection on leanix.AuditEntry;

  /** The change history of a configuration, element by element. */
  @readonly
  entity ConfigChanges  as
    select from leanix.AuditEntry
    mixin {
      elementText : Association to ConfigElements
                      on elementText.code = $projection.element;
    }
    into {
      key ID,
          doneAt,
          doneBy,
          config_ID,
          element,
          before,
          after,
          elementText
    }
    where
      action = 'changeConfig';

  /** The names of a configuration's elements. */
  @readonly
  entity ConfigElements as
    select from leanix.Code {
      key code,
          name
    }
    where
      list = 'configElement';
}

extend projection SettingsService.LeanIXConfigs with {
  changes : Association to many SettingsService.ConfigChanges
              on changes.config_ID = ID
}
