using {leanix} from '../../db/schema';
using from '../../db/codes';
using {SettingsService} from './settings-service';

/** What only the settings screen needs. */
extend service SettingsService with {

  /** The fields of an iFlow that a mapping may take. */
  @readonly
  entity IFlowFields      as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'iflowField';

  @readonly
  entity WriteModes       as
    select from leanix.Code {
      key code,
          name
    }
    where list = 'writeMode';
}

/** States in words, in the user's language, and in the colours of Fiori elements. */
extend projection SettingsService.LeanIXConfigs with {
  virtual null as connectionText        : String(100),
  virtual null as connectionCriticality : Integer,
  virtual null as tokenText             : String(100),
  virtual null as tokenCriticality      : Integer
}

extend projection SettingsService.FieldMappings with {
  iflowFieldText : Association to SettingsService.IFlowFields
                     on iflowFieldText.code = iflowField,
  writeModeText  : Association to SettingsService.WriteModes
                     on writeModeText.code = writeMode
}
