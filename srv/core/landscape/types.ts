/** What stands in the model of an iFlow, before parameters are put in. Names are those of the model's BPMN. */
export type Model = {
  participants: Participant[];
  messageFlows: MessageFlow[];
  steps: Step[];
};

/** `type` is the participant's `ifl:type`, such as `EndpointSender` or `EndpointRecevier`, which is spelled so. */
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
  /** The process that it lies in. */
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
/** `dynamic`: known at runtime only; `empty`: without a value; `unset`: a hint, such as `<SFTP Address>`. */
export type AddressState = 'resolved' | 'dynamic' | 'empty' | 'unset';
export type Via = 'ProcessDirect' | 'JMS';

/** One connected adapter of an iFlow. Of its address nothing is kept but the host. */
export type Channel = {
  direction: Direction;
  /** The adapter's `ComponentType`, such as `HTTP` or `SFTP`; empty where only names are known. */
  adapter: string;
  /** The participant's name, which is often that of a call and not of a system. */
  participant: string;
  kind: ChannelKind;
  host: string | null;
  /** Location of the Cloud Connector, where the host is behind one. */
  locationId: string | null;
  access: Access;
  addressState: AddressState;
  /** Log-on, alert or error targets: shown, but not related. */
  auxiliary: boolean;
  /** How it reaches or is reached by other iFlows; the address is null where only the runtime knows it. */
  link: { via: Via; address: string | null } | null;
  /** Stands for a destination, data source or credential of a product adapter: a digest, never its name. */
  reference: string | null;
};

/** What a model says: its channels, and what starts it besides them. */
export type Facts = { channels: Channel[]; timer: boolean };

export type Role = 'entry' | 'segment' | 'helper' | 'unconnected';
export type Pattern = 'push' | 'facade' | 'scheduled' | 'mixed' | 'internal';
export type Certainty = 'sure' | 'proposed';
