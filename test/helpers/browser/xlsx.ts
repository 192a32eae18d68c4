import { inflateRawSync } from 'node:zlib';

/**
 * The rows of a workbook's first sheet: the texts of their cells.
 * @param file a ZIP archive, as defined by Office Open XML
 */
export function rowsOf(file: Buffer): string[][] {
  const shared = [...(entry(file, 'xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, si]) =>
    textOf(si!),
  );
  const sheet = entry(file, 'xl/worksheets/sheet1.xml') ?? '';
  return [...sheet.matchAll(/<row\b.*?<\/row>/gs)].map(([row]) =>
    [...row.matchAll(/<c\b([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes, content = '']) =>
      attributes!.includes('t="s"') ? (shared[Number(textOf(content))] ?? '') : textOf(content),
    ),
  );
}

/** Whether the first sheet has anything that a spreadsheet program would execute. */
export function hasFormulas(file: Buffer): boolean {
  return /<(?:f|hyperlink)\b/.test(entry(file, 'xl/worksheets/sheet1.xml') ?? '');
}

const textOf = (xml: string) => xml.replace(/<[^<>]*>/g, '').replaceAll('&amp;', '&');

/** A file in an archive, found by the archive's central directory. */
function entry(archive: Buffer, name: string): string | null {
  let at = archive.readUInt32LE(archive.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16);
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    if (archive.toString('utf8', at + 46, at + 46 + nameLength!) === name) {
      const local = archive.readUInt32LE(at + 42);
      const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const packed = archive.subarray(data, data + archive.readUInt32LE(at + 20));
      return (archive.readUInt16LE(at + 10) ? inflateRawSync(packed) : packed).toString('utf8');
    }
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
  return null;
}
