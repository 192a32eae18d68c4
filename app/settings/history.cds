/** The change history of a connection. */
using {SettingsService} from '../../srv/settings/history';

annotate SettingsService.ConfigChanges with @(
  title       : '{i18n>Change}',
  UI          : {
    HeaderInfo         : {
      TypeName      : '{i18n>Change}',
      TypeNamePlural: '{i18n>Changes}',
      Title         : {Value: element}
    },
    LineItem           : [
      {
        Value                : doneAt,
        @UI.Importance    : #High,
        @HTML5.CssDefaults: {width: '12rem'}
      },
      {
        Value                : doneBy,
        @UI.Importance    : #High,
        @HTML5.CssDefaults: {width: '11rem'}
      },
      {
        Value                : element,
        @UI.Importance    : #High,
        @HTML5.CssDefaults: {width: '10rem'}
      },
      {
        Value                : before,
        @UI.Importance    : #High
      },
      {
        Value                : after,
        @UI.Importance    : #High
      }
    ],
    PresentationVariant: {
      SortOrder     : [{
        Property  : doneAt,
        Descending: true
      }],
      Visualizations: ['@UI.LineItem']
    }
  },
  Capabilities: {SearchRestrictions: {Searchable: false}}
) {
  ID        @UI.Hidden;
  config_ID @UI.Hidden;
  doneAt    @title: '{i18n>DoneAt}';
  doneBy    @title: '{i18n>DoneBy}';
  element   @title: '{i18n>ChangedElement}'  @Common: {Text: elementText.name, TextArrangement: #TextOnly};
  before    @title: '{i18n>Before}'     @UI.MultiLineText;
  after     @title: '{i18n>After}'      @UI.MultiLineText;
};

annotate SettingsService.ConfigElements with {
  code @title: '{i18n>ChangedElement}'  @Common: {Text: name, TextArrangement: #TextOnly};
  name @title: '{i18n>ChangedElement}';
};
