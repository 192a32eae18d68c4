import AppComponent from 'sap/fe/core/AppComponent';

/** @namespace leanix.integration.settings */
export default class Component extends AppComponent {
  public static metadata = { manifest: 'json' };
}
