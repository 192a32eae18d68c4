/**
 * Value helps. The lists of the workspace are known for each configuration, even for a draft. Other values can be
 * entered as well.
 */
using {SettingsService} from '../../srv/settings/screen';

annotate SettingsService.LeanIXConfigs with {
  leanixDestination @Common.ValueList: {
    Label         : '{i18n>Destinations}',
    CollectionPath: 'Destinations',
    Parameters    : [
      {
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: leanixDestination,
        ValueListProperty: 'name'
      },
      {
        $Type            : 'Common.ValueListParameterConstant',
        Constant         : 'leanix',
        ValueListProperty: 'kind'
      }
    ]
  };
  cpiDestination    @Common.ValueList: {
    Label         : '{i18n>Destinations}',
    CollectionPath: 'Destinations',
    Parameters    : [
      {
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: cpiDestination,
        ValueListProperty: 'name'
      },
      {
        $Type            : 'Common.ValueListParameterConstant',
        Constant         : 'cpi',
        ValueListProperty: 'kind'
      }
    ]
  };
  factSheetType   @Common.ValueList: {
    Label         : '{i18n>FactSheetTypes}',
    CollectionPath: 'FactSheetTypes',
    Parameters    : [
      {
        $Type            : 'Common.ValueListParameterIn',
        LocalDataProperty: ID,
        ValueListProperty: 'config_ID'
      },
      {
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: factSheetType,
        ValueListProperty: 'name'
      },
      {
        $Type            : 'Common.ValueListParameterDisplayOnly',
        ValueListProperty: 'label'
      }
    ]
  };
  category        @Common.ValueList: {
    Label         : '{i18n>Categories}',
    CollectionPath: 'Categories',
    Parameters    : [
      {
        $Type            : 'Common.ValueListParameterIn',
        LocalDataProperty: ID,
        ValueListProperty: 'config_ID'
      },
      {
        $Type            : 'Common.ValueListParameterIn',
        LocalDataProperty: factSheetType,
        ValueListProperty: 'factSheetType'
      },
      {
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: category,
        ValueListProperty: 'name'
      },
      {
        $Type            : 'Common.ValueListParameterDisplayOnly',
        ValueListProperty: 'label'
      }
    ]
  };
};

annotate SettingsService.FieldMappings with {
  iflowField @Common: {
    Text                    : iflowFieldText.name,
    TextArrangement         : #TextLast,
    ValueListWithFixedValues: true,
    ValueList               : {
      Label         : '{i18n>IFlowField}',
      CollectionPath: 'IFlowFields',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: iflowField,
        ValueListProperty: 'code'
      }]
    }
  };
  leanixPath @Common.ValueList: {
    Label         : '{i18n>LeanIXFields}',
    CollectionPath: 'FieldPaths',
    Parameters    : [
      {
        $Type            : 'Common.ValueListParameterIn',
        LocalDataProperty: config_ID,
        ValueListProperty: 'config_ID'
      },
      {
        $Type            : 'Common.ValueListParameterIn',
        LocalDataProperty: config.factSheetType,
        ValueListProperty: 'factSheetType'
      },
      {
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: leanixPath,
        ValueListProperty: 'path'
      },
      {
        $Type            : 'Common.ValueListParameterDisplayOnly',
        ValueListProperty: 'label'
      },
      {
        $Type            : 'Common.ValueListParameterDisplayOnly',
        ValueListProperty: 'type'
      }
    ]
  };
  writeMode  @Common: {
    Text                    : writeModeText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      Label         : '{i18n>WriteMode}',
      CollectionPath: 'WriteModes',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: writeMode,
        ValueListProperty: 'code'
      }]
    }
  };
};

annotate SettingsService.IFlowFields with {
  code @Common: {
    Text           : name,
    TextArrangement: #TextLast
  };
};
