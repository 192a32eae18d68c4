import type { EndSpec, ModelSpec } from './spec.ts';

const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const properties = (values: Record<string, string>) =>
  Object.entries(values)
    .map(
      ([key, value]) =>
        `<ifl:property><key>${escape(key)}</key>${value === '' ? '<value/>' : `<value>${escape(value)}</value>`}</ifl:property>`,
    )
    .join('');

const extension = (values: Record<string, string>) =>
  `<bpmn2:extensionElements>${properties(values)}</bpmn2:extensionElements>`;

/** How a participant is connected; `step` is the step in a process. */
interface Wire {
  end: EndSpec;
  /** `EndpointRecevier` is how Cloud Integration spells it. */
  type: 'EndpointSender' | 'EndpointRecevier';
  step: string;
  /** The arrow begins at the participant. */
  fromEnd: boolean;
}

/** The model of an iFlow, in BPMN 2.0 with SAP's properties, as the editor writes it. */
export function modelXml(spec: ModelSpec): string {
  const wires = wiresOf(spec);
  const idle = (spec.idle ?? []).map((name, index) =>
    participant(`Participant_Idle_${index}`, 'EndpointRecevier', name),
  );
  const connected = wires.map(({ end, type }, index) => participant(`Participant_${index + 2}`, type, end.name));
  const flows = wires.map(messageFlow);
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?><bpmn2:definitions xmlns:bpmn2="http://www.omg.org/spec/BPMN/20100524/MODEL" ` +
    `xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:ifl="http:///com.sap.ifl.model/Ifl.xsd" ` +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions_1">\n` +
    `<bpmn2:collaboration id="Collaboration_1" name="Default Collaboration">` +
    extension({
      namespaceMapping: '',
      httpSessionHandling: 'None',
      log: 'All events',
      cmdVariantUri: 'ctype::IFlowVariant',
    }) +
    [...connected, ...idle].join('\n') +
    `<bpmn2:participant id="Participant_Process_1" ifl:type="IntegrationProcess" name="Integration Process" processRef="Process_1"/>` +
    flows.join('\n') +
    `</bpmn2:collaboration>\n${processes(spec, wires)}\n<bpmndi:BPMNDiagram id="BPMNDiagram_1" name="Default Collaboration Diagram">` +
    `<bpmndi:BPMNPlane bpmnElement="Collaboration_1" id="BPMNPlane_1"/></bpmndi:BPMNDiagram></bpmn2:definitions>`;
  return xml;
}

function wiresOf(spec: ModelSpec): Wire[] {
  const calls = (ends: EndSpec[], prefix: string, fromEnd: boolean): Wire[] =>
    ends.map((end, index) => ({ end, type: 'EndpointRecevier', step: `${prefix}_${index}`, fromEnd }));
  return [
    ...spec.senders.map((end): Wire => ({ end, type: 'EndpointSender', step: 'StartEvent_1', fromEnd: true })),
    ...calls(spec.receivers, 'ServiceTask', false),
    ...calls(spec.lookUps ?? [], 'Enrich', true),
    ...calls(spec.dead ?? [], 'Dead', false),
  ];
}

function participant(id: string, type: string, name: string): string {
  return (
    `<bpmn2:participant id="${id}" ifl:type="${type}" name="${escape(name)}">` +
    `${extension({ enableBasicAuthentication: 'false', 'ifl:type': type })}</bpmn2:participant>`
  );
}

function messageFlow({ end, type, step, fromEnd }: Wire, index: number): string {
  const id = `Participant_${index + 2}`;
  const [source, target] = fromEnd ? [id, step] : [step, id];
  return (
    `<bpmn2:messageFlow id="MessageFlow_${index + 2}" name="${escape(end.adapter)}" sourceRef="${source}" targetRef="${target}">` +
    extension({
      Description: '',
      ComponentNS: 'sap',
      Name: end.adapter,
      ...end.properties,
      system: end.name,
      ComponentType: end.adapter,
      direction: type === 'EndpointSender' ? 'Sender' : 'Receiver',
    }) +
    '</bpmn2:messageFlow>'
  );
}

function processes(spec: ModelSpec, wires: Wire[]): string {
  const steps = [...new Set(wires.map(({ step }) => step))].filter((step) => step !== 'StartEvent_1');
  const event = spec.timer ? 'timerEventDefinition' : 'messageEventDefinition';
  const task = (step: string) =>
    `<bpmn2:serviceTask id="${step}" name="${step.replace('_', ' ')}">` +
    `${extension({ activityType: step.startsWith('Enrich') ? 'contentEnricherWithLookup' : 'ExternalCall' })}</bpmn2:serviceTask>`;
  const of = (isDead: boolean) =>
    steps
      .filter((step) => step.startsWith('Dead') === isDead)
      .map(task)
      .join('');
  const dead = of(true);
  return (
    `<bpmn2:process id="Process_1" name="Integration Process">${extension({ transactionTimeout: '30' })}` +
    `<bpmn2:startEvent id="StartEvent_1" name="Start"><bpmn2:${event}/></bpmn2:startEvent>` +
    constants(spec.constants ?? {}) +
    filler(spec.size ?? 0) +
    `${of(false)}<bpmn2:endEvent id="EndEvent_1" name="End"><bpmn2:messageEventDefinition/></bpmn2:endEvent></bpmn2:process>` +
    (dead && `<bpmn2:process id="Process_9" name="Not used any more">${dead}</bpmn2:process>`)
  );
}

/** Content modifiers keep their table in the text of a property, as separate XML. */
function constants(values: Record<string, string>): string {
  const rows = Object.entries(values).map(
    ([name, value]) =>
      `<row><cell id='Action'>Create</cell><cell id='Type'>constant</cell><cell id='Value'>${escape(value)}</cell>` +
      `<cell id='Default'></cell><cell id='Name'>${escape(name)}</cell><cell id='Datatype'></cell></row>`,
  );
  if (!rows.length) return '';
  const values2 = { propertyTable: rows.join(''), headerTable: '', activityType: 'Enricher' };
  return `<bpmn2:callActivity id="CallActivity_1" name="Set properties">${extension(values2)}</bpmn2:callActivity>`;
}

/** Steps that connect nothing, with this number of characters. */
function filler(size: number): string {
  const steps: string[] = [];
  for (let length = 0; length < size; length += steps.at(-1)!.length) {
    const number = steps.length + 1;
    steps.push(
      `<bpmn2:callActivity id="CallActivity_F${number}" name="Groovy Script ${number}">` +
        `${extension({ scriptFunction: '', scriptBundleId: '', componentVersion: '1.1', activityType: 'Script', script: `script${number}.groovy` })}` +
        `<bpmn2:incoming>SequenceFlow_${number}</bpmn2:incoming><bpmn2:outgoing>SequenceFlow_${number + 1}</bpmn2:outgoing></bpmn2:callActivity>`,
    );
  }
  return steps.join('\n');
}

/** A properties file as Java writes it. */
export function propertiesFile(values: Record<string, string>): string {
  const escaped = (text: string, isKey: boolean) =>
    [...text]
      .map((sign) => {
        if (sign === ' ' && isKey) return '\\ ';
        if (/[:=#!\\]/.test(sign)) return `\\${sign}`;
        const code = sign.codePointAt(0)!;
        return code > 126 ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}` : sign;
      })
      .join('');
  const lines = Object.entries(values).map(([key, value]) => `${escaped(key, true)}=${escaped(value, false)}`);
  return ['#Mon Jun 02 09:30:00 UTC 2025', ...lines, ''].join('\n');
}
