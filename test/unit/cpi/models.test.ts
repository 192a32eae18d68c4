import { zipSync, strToU8 } from 'fflate';
import { openModelReader, type ModelReader } from '../../../srv/cpi/models/reader.ts';

const PATH = 'src/main/resources/scenarioflows/integrationflow/Some name.iflw';
const property = (key: string, value: string) =>
  `<ifl:property><key>${key}</key><value>${value}</value></ifl:property>`;
const model = (inside = '') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions xmlns:bpmn2="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:ifl="http:///com.sap.ifl.model/Ifl.xsd">
<bpmn2:collaboration id="C">${inside}
  <bpmn2:participant id="P1" ifl:type="EndpointSender" name="Shop"><bpmn2:extensionElements/></bpmn2:participant>
  <bpmn2:participant id="P2" name="CRM &amp; more"><bpmn2:extensionElements>${property('ifl:type', 'EndpointRecevier')}</bpmn2:extensionElements></bpmn2:participant>
  <bpmn2:messageFlow id="M1" sourceRef="P1" targetRef="S1"><bpmn2:extensionElements>${property('ComponentType', 'HTTPS')}${property('urlPath', '/in')}</bpmn2:extensionElements></bpmn2:messageFlow>
  <bpmn2:messageFlow id="M2" sourceRef="T1" targetRef="P2"><bpmn2:extensionElements>${property('ComponentType', 'HTTP')}${property('httpAddressWithoutQuery', 'https://{{CRM Host: main}}/x')}<ifl:property><key>empty</key><value/></ifl:property></bpmn2:extensionElements></bpmn2:messageFlow>
</bpmn2:collaboration>
<bpmn2:process id="Process_1"><bpmn2:startEvent id="S1"><bpmn2:messageEventDefinition/></bpmn2:startEvent><bpmn2:serviceTask id="T1"/></bpmn2:process>
<bpmndi:BPMNDiagram><anything></bpmndi:BPMNDiagram></bpmn2:definitions>`;
const zip = (files: Record<string, string>) =>
  new Uint8Array(zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))));

let reader: ModelReader;
beforeAll(() => void (reader = openModelReader()));
afterAll(() => reader.close());

const good = () =>
  zip({
    [PATH]: model(),
    'src/main/resources/parameters.prop': '#Mon\nCRM\\ Host\\:\\ main=crm.corp.com\nUnused=secret\n',
  });

test('model and parameters of a bundle become channels', async () => {
  const { channels, timer } = await reader.read(good());
  expect(timer).toBe(false);
  expect(channels).toMatchObject([
    { direction: 'inbound', adapter: 'HTTPS', participant: 'Shop' },
    { direction: 'outbound', adapter: 'HTTP', participant: 'CRM & more', host: 'crm.corp.com' },
  ]);
  expect(JSON.stringify(channels)).not.toContain('secret');
});

test('a bundle without parameters is one without values', async () => {
  expect((await reader.read(zip({ [PATH]: model() }))).channels[1]).toMatchObject({ addressState: 'unset' });
});

const deep = '<a>'.repeat(100) + '</a>'.repeat(100);
test.each([
  ['that is no zip', () => new Uint8Array(strToU8('<html>no zip</html>')), 'MODEL_INVALID'],
  ['without a model', () => zip({ 'META-INF/MANIFEST.MF': '' }), 'MODEL_MISSING'],
  ['whose model is no XML', () => zip({ [PATH]: '<bpmn2:definitions><broken>' }), 'MODEL_INVALID'],
  ['whose model is something else', () => zip({ [PATH]: '<html></html>' }), 'MODEL_INVALID'],
  ['with a document type', () => zip({ [PATH]: model().replace('?>', '?><!DOCTYPE a>') }), 'MODEL_HAS_DTD'],
  ['with an unknown entity', () => zip({ [PATH]: model('&other;') }), 'MODEL_INVALID'],
  ['that is too deep', () => zip({ [PATH]: model(deep) }), 'MODEL_TOO_DEEP'],
  ['with a model that is too large', () => zip({ [PATH]: model(' '.repeat(5_000_000)) }), 'MODEL_TOO_LARGE'],
  ['with a path that leads out', () => zip({ '../outside': '', [PATH]: model() }), 'MODEL_INVALID'],
])('a bundle %s costs a message, and the next one is read', async (_, bundle, code) => {
  await expect(reader.read(bundle())).rejects.toMatchObject({ code, args: [] });
  expect((await reader.read(good())).channels).toHaveLength(2);
});

test('a model that takes too long costs a message, and the next one is read', async () => {
  const impatient = openModelReader(1);
  await expect(impatient.read(good())).rejects.toMatchObject({ code: 'MODEL_TOO_LARGE' });
  await impatient.close();
});
