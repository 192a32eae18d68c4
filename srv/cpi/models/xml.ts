import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { MessageFlow, Model, Participant, Step } from '../../core/landscape/types.ts';
import { ModelProblem } from './bundle.ts';

/** Maximum nesting of elements; models have about a dozen levels. */
const MAX_DEPTH = 64;

/** The start of the diagram: a fifth of a model, and not needed here. */
const DRAWING = '<bpmndi:BPMNDiagram';

/** The elements that a property may belong to. */
type Owner = { properties: Record<string, string> };
type Open = { name: string; owner: Owner | null };

/**
 * Reads participants, message flows and steps of a model: BPMN 2.0 with SAP's properties. Reads no document type, no
 * entity but the five of XML, and nothing outside of the text.
 * @throws ModelProblem MODEL_INVALID, MODEL_TOO_DEEP, MODEL_HAS_DTD
 */
export function parseModel(xml: string): Model {
  const reader = new ModelReader();
  const parser = new SaxesParser();
  parser.on('error', () => {
    throw new ModelProblem('MODEL_INVALID');
  });
  parser.on('doctype', () => {
    throw new ModelProblem('MODEL_HAS_DTD');
  });
  parser.on('opentag', (tag) => reader.open(tag));
  parser.on('closetag', ({ name }) => reader.close(localName(name)));
  parser.on('text', (text) => reader.read(text));
  parser.on('cdata', (text) => reader.read(text));
  const drawing = xml.indexOf(DRAWING);
  parser.write(drawing < 0 ? xml : xml.slice(0, drawing));
  // What was left out closes the rest.
  if (drawing < 0) parser.close();
  if (!reader.isModel) throw new ModelProblem('MODEL_INVALID');
  return reader.model;
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

class ModelReader {
  readonly model: Model = { participants: [], messageFlows: [], steps: [] };
  isModel = false;
  private readonly path: Open[] = [];
  private process: string | null = null;
  private key = '';
  private text = '';

  open({ name, attributes }: SaxesTagPlain): void {
    if (this.path.length === MAX_DEPTH) throw new ModelProblem('MODEL_TOO_DEEP');
    const element = localName(name);
    if (element === 'definitions') this.isModel = true;
    this.path.push({ name: element, owner: this.ownerOf(element, attributes) ?? this.path.at(-1)?.owner ?? null });
    this.text = '';
  }

  read(text: string): void {
    this.text += text;
  }

  close(element: string): void {
    const { owner } = this.path.pop()!;
    if (element === 'participant') {
      const participant = owner as Participant & Owner;
      participant.type ||= participant.properties['ifl:type'] ?? '';
    }
    if (element === 'key') this.key = this.text.trim();
    else if (element === 'value' && owner) owner.properties[this.key] = this.text;
    else if (element === 'process') this.process = null;
    this.text = '';
  }

  /** The owner of the properties inside an element, if it differs from the owner outside. */
  private ownerOf(element: string, attributes: Record<string, string>): Owner | undefined {
    const { id = '', name = '' } = attributes;
    if (element === 'participant') {
      const participant: Participant & Owner = { id, name, type: attributes['ifl:type'] ?? '', properties: {} };
      this.model.participants.push(participant);
      return participant;
    }
    if (element === 'messageFlow') {
      const { sourceRef: source = '', targetRef: target = '' } = attributes;
      const flow = { id, name, source, target, properties: {} } satisfies MessageFlow;
      this.model.messageFlows.push(flow);
      return flow;
    }
    if (element === 'process') this.process = id;
    if (element.endsWith('EventDefinition')) (this.path.at(-1)?.owner as Step | undefined)?.events?.push(element);
    else if (this.process !== null && id && element !== 'process') {
      const step = { id, process: this.process, element, events: [], properties: {} } satisfies Step;
      this.model.steps.push(step);
      return step;
    }
    return undefined;
  }
}
