/** The content of a chunked body, as far as it has arrived; stops at the first chunk that is not valid. */
export function joinChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd < 0) break;
    const [size] = /^[0-9a-f]{1,8}(?=$|[;\t ])/i.exec(body.toString('latin1', at, lineEnd)) ?? [];
    const length = Number.parseInt(size ?? '', 16);
    if (!(length > 0)) break;
    const start = lineEnd + 2;
    chunks.push(body.subarray(start, start + length));
    at = start + length + 2;
  }
  return Buffer.concat(chunks);
}
