import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MAX_COLOURS = 256;
const RGB = 2;
const RGBA = 6;
const PALETTE = 3;

interface Image {
  readonly width: number;
  readonly height: number;
  /** A colour as 0xRRGGBB for each pixel, row by row. */
  readonly pixels: Uint32Array;
}

/**
 * A screenshot with at most 256 colours, a third of the size. Colours that fill areas stay exactly as they are:
 * each group of similar ones becomes its most frequent one, which only edges of letters and charts notice.
 * @param png 8 bits a channel, RGB or RGBA (alpha is dropped), not interlaced: what Chromium writes
 */
export function quantisePng(png: Buffer): Buffer {
  const image = decode(png);
  const counts = new Map<number, number>();
  for (const colour of image.pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const groups = groupColours(counts);
  const palette = groups.map((group) => mostFrequent(group, counts));
  const indices = new Map(groups.flatMap((group, index) => group.map((colour) => [colour, index])));
  return encode(image, palette, indices);
}

/** Median cut: halves the group with the widest channel until there are enough. */
function groupColours(counts: ReadonlyMap<number, number>): number[][] {
  const groups = [[...counts.keys()]];
  while (groups.length < MAX_COLOURS) {
    const spreads = groups.map(widestChannel);
    const widest = spreads.reduce(
      (best, { range }, index) => (range > (spreads[best]?.range ?? 0) ? index : best),
      0,
    );
    const group = groups[widest];
    const { range, shift } = spreads[widest] ?? { range: 0, shift: 0 };
    if (group === undefined || range === 0) break;
    const middle = middleOf(group, shift);
    groups[widest] = group.filter((colour) => channel(colour, shift) <= middle);
    groups.push(group.filter((colour) => channel(colour, shift) > middle));
  }
  return groups;
}

function widestChannel(group: readonly number[]): { shift: number; range: number } {
  const ranges = [16, 8, 0].map((shift) => {
    const values = group.map((colour) => channel(colour, shift));
    return { shift, range: values.reduce(max, 0) - values.reduce(min, 255) };
  });
  return ranges.reduce((best, next) => (next.range > best.range ? next : best));
}

function middleOf(group: readonly number[], shift: number): number {
  const values = group.map((colour) => channel(colour, shift));
  return Math.floor((values.reduce(min, 255) + values.reduce(max, 0)) / 2);
}

function mostFrequent(group: readonly number[], counts: ReadonlyMap<number, number>): number {
  const count = (colour: number) => counts.get(colour) ?? 0;
  return group.reduce((best, colour) => (count(colour) > count(best) ? colour : best));
}

function channel(colour: number, shift: number): number {
  return (colour >> shift) & 0xff;
}

function max(a: number, b: number): number {
  return Math.max(a, b);
}

function min(a: number, b: number): number {
  return Math.min(a, b);
}

/** @throws Error when the image is of another kind */
function decode(png: Buffer): Image {
  const header = chunksOf(png, 'IHDR')[0] ?? Buffer.alloc(13);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, kind, , , interlaced] = header.subarray(8);
  if (depth !== 8 || (kind !== RGB && kind !== RGBA) || interlaced !== 0) {
    throw new Error('not a PNG of 8-bit RGB or RGBA');
  }
  const size = kind === RGB ? 3 : 4;
  const bytes = unfilter(inflateSync(Buffer.concat(chunksOf(png, 'IDAT'))), width * size, size);
  const pixels = new Uint32Array(width * height);
  for (let index = 0; index < pixels.length; index += 1)
    pixels[index] = bytes.readUIntBE(index * size, 3);
  return { width, height, pixels };
}

function chunksOf(png: Buffer, wanted: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === wanted)
      found.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return found;
}

/** Undoes the filter that each row names in its first byte (PNG specification, 9.2). */
function unfilter(data: Buffer, rowBytes: number, pixelBytes: number): Buffer {
  const rows = data.length / (rowBytes + 1);
  const out = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row += 1) {
    const from = row * (rowBytes + 1);
    const filter = data[from] ?? 0;
    for (let x = 0; x < rowBytes; x += 1) {
      const to = row * rowBytes + x;
      const left = x < pixelBytes ? 0 : (out[to - pixelBytes] ?? 0);
      const above = row === 0 ? 0 : (out[to - rowBytes] ?? 0);
      const corner = row === 0 || x < pixelBytes ? 0 : (out[to - rowBytes - pixelBytes] ?? 0);
      out[to] = (data[from + 1 + x] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

function encode(
  { width, height, pixels }: Image,
  palette: readonly number[],
  indices: ReadonlyMap<number, number>,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, PALETTE, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 0xff, c & 0xff]));
  // Rows unfiltered (their first byte stays 0): indices of a palette have no neighbours worth predicting from.
  const rows = Buffer.alloc(height * (width + 1));
  for (let index = 0; index < pixels.length; index += 1) {
    const row = Math.floor(index / width);
    rows[row + 1 + index] = indices.get(pixels[index] ?? 0) ?? 0;
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
