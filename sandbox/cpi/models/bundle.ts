import { strToU8, Zip, ZipDeflate } from 'fflate';
import { modelXml, propertiesFile } from './render.ts';
import type { ModelSpec } from './spec.ts';

const SCENARIO = 'src/main/resources/scenarioflows/integrationflow';

/** What an artifact's content is asked for by. */
interface Named {
  id: string;
  version: string;
  name: string;
  sender: string;
  receiver: string;
}

/** The zip of an iFlow: with data descriptors, so that the local headers tell no sizes. */
export function bundleOf(artifact: Named, spec: ModelSpec): Buffer {
  if (spec.fault === 'noZip') return Buffer.from('This bundle could not be packed.');
  const zip = zipped({
    'META-INF/MANIFEST.MF': manifest(artifact),
    'metainfo.prop': propertiesFile({ description: '', source: artifact.sender, target: artifact.receiver }),
    ...(spec.parameters && { 'src/main/resources/parameters.prop': propertiesFile(spec.parameters) }),
    ...(spec.fault === 'pathOutside' && { '../../outside.txt': 'nothing' }),
    // The name of the file is that of the artifact which this one was copied from.
    ...(spec.fault !== 'noModel' && {
      [`${SCENARIO}/Copy of ${artifact.name.replaceAll('/', ' ')}.iflw`]: xmlOf(spec),
    }),
    'src/main/resources/script/script1.groovy': 'def processData(message) { message }\n',
  });
  return spec.fault === 'cut' ? zip.subarray(0, Math.floor(zip.length / 2)) : zip;
}

function xmlOf(spec: ModelSpec): string {
  const xml = modelXml(spec);
  switch (spec.fault) {
    case 'noXml':
      return xml.slice(0, Math.floor(xml.length / 2)).replace('</bpmn2:collaboration>', '<');
    case 'documentType':
      return xml.replace('?>', `?><!DOCTYPE definitions [<!ENTITY all SYSTEM "file:///etc/hostname">]>`);
    case 'deep':
      return xml.replace('<bpmn2:collaboration', `${'<a>'.repeat(500)}${'</a>'.repeat(500)}<bpmn2:collaboration`);
    case 'large':
      return xml.replace('<bpmn2:collaboration', `${' '.repeat(5_000_000)}<bpmn2:collaboration`);
    default:
      return xml;
  }
}

/** Lines are folded at 72 bytes, ids and names too. */
function manifest({ id, version, name }: Named): string {
  const lines = [
    'Manifest-Version: 1.0',
    'Bundle-ManifestVersion: 2',
    `Bundle-Name: ${name}`,
    `Bundle-SymbolicName: ${id}; singleton:=true`,
    `Bundle-Version: ${version}`,
    'SAP-BundleType: IntegrationFlow',
    'SAP-NodeType: IFLMAP',
  ];
  return lines.map((line) => `${line.replace(/(.{70})(?=.)/g, '$1\r\n ')}\r\n`).join('');
}

function zipped(files: Record<string, string>): Buffer {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((_error, chunk) => chunks.push(chunk));
  for (const [path, text] of Object.entries(files)) {
    const entry = new ZipDeflate(path, { level: 6 });
    zip.add(entry);
    entry.push(strToU8(text), true);
  }
  zip.end();
  return Buffer.concat(chunks);
}
