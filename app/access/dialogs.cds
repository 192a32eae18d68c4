/**
 * The dialogs of the actions. Mandatory parameters are marked for the dialogs only, so that the service can answer with
 * its own codes.
 */
using {AccessService} from '../../srv/access/screen';

annotate AccessService.Accounts with actions {
  enableAccount(
    role @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'RequestableRoles',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: role,
          ValueListProperty: 'code'
        }]
      }
    }  @title: '{i18n>Role}'  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}},
    justification  @title: '{i18n>Justification}'  @UI.MultiLineText  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}}
  );
  addAccess(
    role @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'RequestableRoles',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: role,
          ValueListProperty: 'code'
        }]
      }
    }  @title: '{i18n>Role}'  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}},
    justification  @title: '{i18n>Justification}'  @UI.MultiLineText  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}}
  );
  removeAccess(justification  @title: '{i18n>Justification}'  @UI.MultiLineText  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}});
  removeAccount(justification  @title: '{i18n>Justification}'  @UI.MultiLineText  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}});
  correlate(
    person @title: '{i18n>PersonOrRule}'  @Common.ValueList: {
      Label         : '{i18n>People}',
      CollectionPath: 'People',
      Parameters    : [
        {
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: person,
          ValueListProperty: 'ID'
        },
        {
          $Type            : 'Common.ValueListParameterIn',
          LocalDataProperty: in.directory,
          ValueListProperty: 'directory'
        },
        {
          $Type            : 'Common.ValueListParameterDisplayOnly',
          ValueListProperty: 'email'
        },
        {
          $Type            : 'Common.ValueListParameterDisplayOnly',
          ValueListProperty: 'firstName'
        },
        {
          $Type            : 'Common.ValueListParameterDisplayOnly',
          ValueListProperty: 'lastName'
        },
        {
          $Type            : 'Common.ValueListParameterDisplayOnly',
          ValueListProperty: 'department'
        }
      ]
    }
  );
};

annotate AccessService.JobRuns with actions {
  confirm(reason  @title: '{i18n>ConfirmReason}'  @UI.MultiLineText  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}});
};

annotate AccessService.requestAccount with (
    config @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'Connections',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: config,
          ValueListProperty: 'ID'
        }]
      }
    }  @title: '{i18n>Connection}',
    email          @title: '{i18n>Email}'  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}},
    firstName      @title: '{i18n>FirstName}',
    lastName       @title: '{i18n>LastName}',
    role @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'RequestableRoles',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: role,
          ValueListProperty: 'code'
        }]
      }
    }  @title: '{i18n>Role}'  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}},
    justification  @title: '{i18n>Justification}'  @UI.MultiLineText  @Common.FieldControl: {$edmJson: {$EnumMember: 'com.sap.vocabularies.Common.v1.FieldControlType/Mandatory'}},
    silent         @title: '{i18n>Silent}'
  );

annotate AccessService.importPeople with (
    config @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'Connections',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: config,
          ValueListProperty: 'ID'
        }]
      }
    }  @title: '{i18n>Connection}'
  );

annotate AccessService.importAccounts with (
    config @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'Connections',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: config,
          ValueListProperty: 'ID'
        }]
      }
    }  @title: '{i18n>Connection}'
  );

annotate AccessService.importAccess with (
    config @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'Connections',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: config,
          ValueListProperty: 'ID'
        }]
      }
    }  @title: '{i18n>Connection}'
  );

annotate AccessService.importAll with (
    config @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'Connections',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: config,
          ValueListProperty: 'ID'
        }]
      }
    }  @title: '{i18n>Connection}'
  );

annotate AccessService.runProvisioning with (
    config @Common: {
      ValueListWithFixedValues: true,
      ValueList               : {
        CollectionPath: 'Connections',
        Parameters    : [{
          $Type            : 'Common.ValueListParameterInOut',
          LocalDataProperty: config,
          ValueListProperty: 'ID'
        }]
      }
    }  @title: '{i18n>Connection}'
  );
