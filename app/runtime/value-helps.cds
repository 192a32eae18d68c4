/** Texts and drop-down lists of code elements. */
using {RuntimeService} from '../../srv/runtime/runtime-service';

annotate RuntimeService.IFlows with {
  status     @Common: {
    Text                    : statusText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'ArtifactStatuses',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: status,
        ValueListProperty: 'code'
      }]
    }
  };
  linkStatus @Common: {
    Text                    : linkStatusText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'LinkStatuses',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: linkStatus,
        ValueListProperty: 'code'
      }]
    }
  };
  matchedBy  @Common: {
    Text           : matchedByText.name,
    TextArrangement: #TextOnly
  };
  packageId  @Common: {
    Text           : packageName,
    TextArrangement: #TextOnly,
    ValueList      : {
      CollectionPath: 'Packages',
      Parameters    : [
        {
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: packageId,
          ValueListProperty: 'packageId'
        },
        {
          $Type            : 'Common.ValueListParameterDisplayOnly',
          ValueListProperty: 'packageName'
        }
      ]
    }
  };
  type       @Common: {
    Text                    : typeText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'ArtifactTypes',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: type,
        ValueListProperty: 'type'
      }]
    }
  };
  config     @Common: {
    Text                    : config.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'Connections',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: config_ID,
        ValueListProperty: 'ID'
      }]
    }
  };
};

annotate RuntimeService.Connections with {
  ID @Common: {
    Text           : name,
    TextArrangement: #TextOnly
  };
};

annotate RuntimeService.ArtifactTypes with {
  type @title: '{i18n>Type}'  @Common: {
    Text           : name,
    TextArrangement: #TextOnly
  };
  name @title: '{i18n>Name}';
};

annotate RuntimeService.Packages with {
  packageId   @title: '{i18n>Package}'  @Common: {
    Text           : packageName,
    TextArrangement: #TextLast
  };
  packageName @title: '{i18n>Name}';
};

annotate RuntimeService.SyncRuns with {
  kind   @Common: {
    Text                    : kindText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'RunKinds',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: kind,
        ValueListProperty: 'code'
      }]
    }
  };
  status @Common: {
    Text                    : statusText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'RunStatuses',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: status,
        ValueListProperty: 'code'
      }]
    }
  };
  config @Common: {
    Text                    : config.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'Connections',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: config_ID,
        ValueListProperty: 'ID'
      }]
    }
  };
};

annotate RuntimeService.SyncItems with {
  action @Common: {
    Text           : actionText.name,
    TextArrangement: #TextOnly
  };
  status @Common: {
    Text                    : statusText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'ItemStatuses',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: status,
        ValueListProperty: 'code'
      }]
    }
  };
};

annotate RuntimeService.IFlows with {
  modelState @Common: {
    Text           : modelStateText.name,
    TextArrangement: #TextOnly
  };
  role       @Common: {
    Text           : roleText.name,
    TextArrangement: #TextOnly
  };
  pattern    @Common: {
    Text           : patternText.name,
    TextArrangement: #TextOnly
  };
};

annotate RuntimeService.Channels with {
  direction    @Common: {
    Text           : directionText.name,
    TextArrangement: #TextOnly
  };
  access       @Common: {
    Text           : accessText.name,
    TextArrangement: #TextOnly
  };
  addressState @Common: {
    Text           : addressStateText.name,
    TextArrangement: #TextOnly
  };
};

annotate RuntimeService.Calls with {
  status @Common: {
    Text           : statusText.name,
    TextArrangement: #TextOnly
  };
};
