/** Texts and drop-down lists of code elements. */
using {AccessService} from '../../srv/access/screen';

annotate AccessService.Accounts with {
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
  role @Common: {
    Text                    : roleText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'Roles',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: role,
        ValueListProperty: 'code'
      }]
    }
  };
  status @Common: {
    Text                    : statusText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'AccountStatuses',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: status,
        ValueListProperty: 'code'
      }]
    }
  };
  state @Common: {
    Text                    : stateText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'AccountStates',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: state,
        ValueListProperty: 'code'
      }]
    }
  };
  correlatedBy @Common: {
    Text           : correlatedByText.name,
    TextArrangement: #TextOnly
  };
  person @Common: {
    Text           : person.email,
    TextArrangement: #TextOnly
  };
};

annotate AccessService.Entitlements with {
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
  name @Common: {
    Text           : nameText.name,
    TextArrangement: #TextOnly
  };
  state @Common: {
    Text                    : stateText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'EntitlementStates',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: state,
        ValueListProperty: 'code'
      }]
    }
  };
};

annotate AccessService.Assignments with {
  changedBy @Common: {
    Text           : changedByText.name,
    TextArrangement: #TextOnly
  };
  entitlement @Common: {
    Text           : entitlement.nameText.name,
    TextArrangement: #TextOnly
  };
};

annotate AccessService.ProvisioningTasks with {
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
  kind @Common: {
    Text                    : kindText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'TaskKinds',
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
      CollectionPath: 'TaskStatuses',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: status,
        ValueListProperty: 'code'
      }]
    }
  };
  account @Common: {
    Text           : account.displayName,
    TextArrangement: #TextOnly
  };
  role @Common: {
    Text           : roleText.name,
    TextArrangement: #TextOnly
  };
  roleBefore @Common: {
    Text           : roleBeforeText.name,
    TextArrangement: #TextOnly
  };
  roleAfter @Common: {
    Text           : roleAfterText.name,
    TextArrangement: #TextOnly
  };
  roleResult @Common: {
    Text           : roleResultText.name,
    TextArrangement: #TextOnly
  };
  statusBefore @Common: {
    Text           : statusBeforeText.name,
    TextArrangement: #TextOnly
  };
  statusAfter @Common: {
    Text           : statusAfterText.name,
    TextArrangement: #TextOnly
  };
  statusResult @Common: {
    Text           : statusResultText.name,
    TextArrangement: #TextOnly
  };
};

annotate AccessService.Jobs with {
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
  kind @Common: {
    Text           : kindText.name,
    TextArrangement: #TextOnly
  };
  schedule @Common: {
    Text                    : scheduleText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'Schedules',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: schedule,
        ValueListProperty: 'code'
      }]
    }
  };
  weekday @Common: {
    Text                    : weekdayText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'Weekdays',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: weekday,
        ValueListProperty: 'code'
      }]
    }
  };
  timeZone @Common.ValueList: {
    CollectionPath: 'TimeZones',
    Parameters    : [{
      $Type            : 'Common.ValueListParameterInOut',
      LocalDataProperty: timeZone,
      ValueListProperty: 'name'
    }]
  };
};

annotate AccessService.JobRuns with {
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
  kind @Common: {
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
  trigger @Common: {
    Text                    : triggerText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'RunTriggers',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: trigger,
        ValueListProperty: 'code'
      }]
    }
  };
};

annotate AccessService.AccessConfigs with {
  correlateBy @Common: {
    Text                    : correlateByText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'CorrelationRules',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: correlateBy,
        ValueListProperty: 'code'
      }]
    }
  };
};

annotate AccessService.AccessMappings with {
  direction @Common: {
    Text                    : directionText.name,
    TextArrangement         : #TextOnly,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'Directions',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: direction,
        ValueListProperty: 'code'
      }]
    }
  };
  target @Common: {
    Text                    : targetText.name,
    TextArrangement         : #TextLast,
    ValueListWithFixedValues: true,
    ValueList               : {
      CollectionPath: 'MappingTargets',
      Parameters    : [{
        $Type            : 'Common.ValueListParameterInOut',
        LocalDataProperty: target,
        ValueListProperty: 'code'
      }]
    }
  };
};
