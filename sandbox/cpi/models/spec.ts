/**
 * The connections of an iFlow in the sandbox: its model is generated from them, and tests expect to read them from it.
 */
export interface ModelSpec {
  /** A timer starts the iFlow too. */
  timer?: boolean;
  /** Connected at the start event. */
  senders: EndSpec[];
  /** Called by a step. */
  receivers: EndSpec[];
  /** Called by a content enricher: their arrow points from the receiver to the step. */
  lookUps?: EndSpec[];
  /** Connected in a local process that is never called. */
  dead?: EndSpec[];
  /** Participants in the model without a connection. */
  idle?: string[];
  /** Externalized parameters. Those that no channel uses are leftovers. */
  parameters?: Record<string, string>;
  /** Properties that a content modifier sets to a constant. */
  constants?: Record<string, string>;
  /** The fault of the bundle. */
  fault?: 'noZip' | 'cut' | 'noModel' | 'noXml' | 'documentType' | 'deep' | 'large' | 'pathOutside';
  /** Minimum number of characters of the model, as with long scripts and mappings. */
  size?: number;
}

/** A participant with its adapter. */
export interface EndSpec {
  name: string;
  adapter: string;
  properties?: Record<string, string>;
}
