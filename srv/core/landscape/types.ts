/** The content of an iFlow's model, before parameters are replaced. Names are those of the model's BPMN. */
export type Model = {
  participants: Participant[];
  messageFlows: MessageFlow[];
  steps: Step[];
};

/**
 * `type` is the participant's `ifl:type`, such as `EndpointSender` or `EndpointRecevier` (this is the actual spelling).
 */
export type Participant = { id: string; type: string; name: string };

/** An arrow between a participant and a step; `properties` configure the adapter. */
export type MessageFlow = {
  id: string;
  name: string;
  source: string;
  target: string;
  properties: Readonly<Record<string, string>>;
};

/** A step of a process. */
export type Step = {
  id: string;
  /** The process that contains it. */
  process: string;
  /** The name of its element, such as `startEvent` or `callActivity`. */
  element: string;
  /** The events that a start event listens to, such as `timerEventDefinition`. */
  events: string[];
  properties: Readonly<Record<string, string>>;
};

/** Values of externalized parameters by name. */
export type Parameters = ReadonlyMap<string, string>;

export type Direction = 'inbound' | 'outbound';
export type ChannelKind = 'external' | 'internal' | 'broker';
/** How a channel uses the other side: a sender pushes or is polled, a receiver is read or written to. */
export type Access = 'push' | 'poll' | 'read' | 'write' | 'unknown';
/** `dynamic`: known only at runtime; `empty`: without a value; `unset`: a hint, such as `<SFTP Address>`. */
export type AddressState = 'resolved' | 'dynamic' | 'empty' | 'unset';
export type Via = 'ProcessDirect' | 'JMS';

/** One connected adapter of an iFlow. Of its address, only the host is kept. */
export type Channel = {
  direction: Direction;
  /** The adapter's `ComponentType`, such as `HTTP` or `SFTP`; empty if only names are known. */
  adapter: string;
  /** The name of the participant, which is often that of a call and not of a system. */
  participant: string;
  kind: ChannelKind;
  host: string | null;
  /** Location of the Cloud Connector, if the host is behind one. */
  locationId: string | null;
  access: Access;
  addressState: AddressState;
  /** Targets of log-on, alerts or errors: shown, but without a relation. */
  auxiliary: boolean;
  /** How it calls, or is called by, other iFlows; the address is null if it is only known at runtime. */
  link: { via: Via; address: string | null } | null;
  /** Identifies a destination, data source or credential of a product adapter: a digest, never its name. */
  reference: string | null;
};

/** The content of a model: its channels, and other ways to start it. */
export type Facts = { channels: Channel[]; timer: boolean };

export type Role = 'entry' | 'segment' | 'helper' | 'unconnected';
export type Pattern = 'push' | 'facade' | 'scheduled' | 'mixed' | 'internal';
export type Certainty = 'sure' | 'proposed';
