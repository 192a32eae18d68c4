import type { MessageFlow, Model, Step } from '../../../../srv/core/landscape/types.ts';

type End = { name: string; adapter: string; properties?: Record<string, string>; step?: string };

/** A realistic model: a process with senders at its start event and receivers at its steps. */
export function modelOf(parts: {
  senders?: End[];
  receivers?: End[];
  /** Look-ups: their arrow begins at the receiver. */
  lookUps?: End[];
  timer?: boolean;
  steps?: Partial<Step>[];
}): Model {
  const model: Model = {
    participants: [{ id: 'Participant_Process_1', type: 'IntegrationProcess', name: 'Integration Process' }],
    messageFlows: [],
    steps: [
      step({
        id: 'Start',
        element: 'startEvent',
        events: [parts.timer ? 'timerEventDefinition' : 'messageEventDefinition'],
      }),
    ],
  };
  const add = (
    type: string,
    end: End,
    arrow: (id: string, stepId: string) => Pick<MessageFlow, 'source' | 'target'>,
  ) => {
    const id = `Participant_${model.participants.length}`;
    const stepId = end.step ?? (type === 'EndpointSender' ? 'Start' : `Task_${model.steps.length}`);
    model.participants.push({ id, type, name: end.name });
    if (!model.steps.some((one) => one.id === stepId)) model.steps.push(step({ id: stepId, element: 'serviceTask' }));
    const properties = { ComponentType: end.adapter, ...end.properties };
    model.messageFlows.push({ id: `Flow_${id}`, name: end.adapter, ...arrow(id, stepId), properties });
  };
  for (const one of parts.steps ?? []) model.steps.push(step(one));
  for (const end of parts.senders ?? []) add('EndpointSender', end, (source, target) => ({ source, target }));
  for (const end of parts.receivers ?? []) add('EndpointRecevier', end, (target, source) => ({ source, target }));
  for (const end of parts.lookUps ?? []) add('EndpointRecevier', end, (source, target) => ({ source, target }));
  return model;
}

const step = (values: Partial<Step>): Step => ({
  id: 'Step',
  process: 'Process_1',
  element: 'callActivity',
  events: [],
  properties: {},
  ...values,
});
