using {leanix} from '../../db/schema';
using from '../../db/codes';
using {SettingsService} from './settings-service';

/** Only for the settings screen. */
extend service SettingsService with {

  /** The fields of an iFlow that can be mapped. */
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

/** States as text in the user's language, and in the colors of Fiori elements. */
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
