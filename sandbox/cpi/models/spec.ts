/** What an iFlow of the sandbox connects: what its model is written from, and what tests expect to be read from it. */
export interface ModelSpec {
  /** What the start event listens to besides senders. */
  timer?: boolean;
  /** Connected at the start event. */
  senders: EndSpec[];
  /** Called by a step. */
  receivers: EndSpec[];
  /** Asked by a content enricher: their arrow runs from the receiver to the step. */
  lookUps?: EndSpec[];
  /** Connected in a local process that nobody calls. */
  dead?: EndSpec[];
  /** Participants that stand in the model and are connected to nothing. */
  idle?: string[];
  /** Externalized parameters; those that no channel names are left over from earlier. */
  parameters?: Record<string, string>;
  /** Properties that a content modifier sets to a constant. */
  constants?: Record<string, string>;
  /** What is wrong with the bundle. */
  fault?: 'noZip' | 'cut' | 'noModel' | 'noXml' | 'documentType' | 'deep' | 'large' | 'pathOutside';
  /** Characters that the model has at least, as scripts and mappings make them long. */
  size?: number;
}

/** A participant with its adapter. */
export interface EndSpec {
  name: string;
  adapter: string;
  properties?: Record<string, string>;
}
