import AppComponent from 'sap/fe/core/AppComponent';

/** @namespace leanix.integration.access */
export default class Component extends AppComponent {
  public static metadata = { manifest: 'json' };
}
