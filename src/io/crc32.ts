// The checksums of zip files.

const REVERSED = 0xedb88320; // the polynomial of IEEE 802.3, its highest power in the lowest bit

let table: Uint32Array | undefined;

/** The CRC-32 of some bytes. */
export function crc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ REVERSED : rest >>> 1;
    return rest;
  });
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!;
  return ~crc >>> 0;
}

/** The checksums in a zip file's directory, in its order. */
export function* checksumsOf(archive: Uint8Array): Generator<number, undefined, void> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const word = (at: number): number => view.getUint32(at, true);
  let end = archive.length - 22;
  while (word(end) !== 0x06054b50) end--; // "PK\5\6", the end of the directory
  const isLong = end >= 20 && word(end - 20) === 0x07064b50; // "PK\6\7", of zip64, says where its own end is
  for (let at = isLong ? word(word(end - 12) + 48) : word(end + 16); ; ) {
    yield word(at + 16);
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true)); // name, extra fields, comment
    at += 46 + lengths[0]! + lengths[1]! + lengths[2]!;
  }
}
