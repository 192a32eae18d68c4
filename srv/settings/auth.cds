using {SettingsService} from './settings-service';

annotate SettingsService with @requires: [
  'Admin',
  'EnterpriseAdmin'
];
