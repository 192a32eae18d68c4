/** What the iFlows connect, from their models. Nothing else of the models is stored. */
namespace leanix;

using {cuid} from '@sap/cds/common';
using {
  leanix.IFlow,
  leanix.LeanIXConfig
} from './schema';

/** The state of an iFlow's model, and of which deployment it was read. */
@plural: 'IFlowModels'
entity IFlowModel {
  key iflow      : Association to one IFlow;
      config     : Association to LeanIXConfig;
      state      : String(20) enum {
        read;
        fromConfiguration;
        unreadable;
      };
      /** Why it could not be read, or a note about it: a message code and its text. */
      code       : String(50);
      message    : String(1000);
      role       : String(20) enum {
        entry;
        segment;
        helper;
        unconnected;
      };
      pattern    : String(20) enum {
        push;
        facade;
        scheduled;
        mixed;
        internal;
      };
      /** A timer starts it. */
      timer      : Boolean default false;
      /** The deployment that it was read for. */
      version    : String(50);
      deployedOn : Timestamp;
      readAt     : Timestamp;
      /** When it must be read again although nothing was deployed; else null. */
      retryAt    : Timestamp;
}

/** One connected adapter of an iFlow. Of its address, only the host is kept, and what links it to other iFlows. */
@assert.unique.position: [
  iflow,
  position
]
@plural: 'Channels'
entity Channel : cuid {
  iflow        : Association to IFlow;
  config       : Association to LeanIXConfig;
  position     : Integer;
  direction    : String(10) enum {
    inbound;
    outbound;
  };
  /** An open list, such as HTTP or SFTP; null if only names are known. */
  adapter      : String(100);
  participant  : String(500);
  kind         : String(10) enum {
    external;
    internal;
    broker;
  };
  host         : String(255);
  /** Location of the Cloud Connector. */
  locationId   : String(255);
  access       : String(10) enum {
    push;
    poll;
    read;
    write;
    unknown;
  };
  addressState : String(10) enum {
    resolved;
    dynamic;
    empty;
    unset;
  };
  /** Targets of log-on, alerts or errors. */
  auxiliary    : Boolean default false;
  /** ProcessDirect or JMS, and the address or queue; null if it is only known at runtime. */
  via          : String(20);
  address      : String(1000);
  /** A digest that is equal for the same destination, data source or credential. */
  reference    : String(64);
}

/** A call from one iFlow to another. `called` is null if none was found. */
@plural: 'Calls'
entity Call : cuid {
  config  : Association to LeanIXConfig;
  caller  : Association to IFlow;
  called  : Association to IFlow;
  via     : String(20) enum {
    ProcessDirect;
    JMS;
  };
  address : String(1000);
  status  : String(20) enum {
    resolved;
    ambiguous;
    unresolved;
    dynamic;
  };
}

extend IFlow with {
  model    : Association to one IFlowModel
               on model.iflow = $self;
  channels : Association to many Channel
               on channels.iflow = $self;
  calls    : Association to many Call
               on calls.caller = $self;
  calledBy : Association to many Call
               on calledBy.called = $self;
}
