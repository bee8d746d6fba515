export type S3Operation =
  | 'create'
  | 'part'
  | 'complete'
  | 'abort'
  | 'uploads'
  | 'versioning'
  | 'lock'
  | 'list'
  | 'get'
  | 'head'
  | 'delete'
  | 'other';

interface OpenUpload {
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
  readonly initiated: Date;
}

/** Small, so that a few uploads already need several pages. */
const PAGE = 3;

/** Tracks open multipart uploads by observing requests, because fauxqs cannot list them. */
export class UploadLedger {
  readonly #open = new Map<string, OpenUpload>();

  /** Records a successful request. */
  note(operation: S3Operation, url: URL, answer: Buffer): void {
    const [, bucket = '', ...key] = url.pathname.split('/');
    const id =
      operation === 'create'
        ? (/<UploadId>(.*?)<\/UploadId>/.exec(answer.toString())?.[1] ?? '')
        : (url.searchParams.get('uploadId') ?? '');
    if (operation === 'create')
      this.#open.set(id, { bucket, key: key.join('/'), id, initiated: new Date() });
    if (operation === 'complete' || operation === 'abort') this.#open.delete(id);
  }

  /** The response to ListMultipartUploads, ordered by key and id, starting at the markers. */
  list({ pathname, searchParams: query }: URL): string {
    const bucket = pathname.split('/')[1];
    const place = ({ key, id }: { key: string; id: string }) => `${key}\n${id}`;
    const after = place({
      key: query.get('key-marker') ?? '',
      id: query.get('upload-id-marker') ?? '',
    });
    const open = [...this.#open.values()]
      .filter((upload) => upload.bucket === bucket && place(upload) > after)
      .sort((a, b) => (place(a) < place(b) ? -1 : 1));
    const page = open.slice(0, PAGE);
    const last = page.at(-1);
    const uploads = page.map(
      ({ key, id, initiated }) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
    );
    return [
      '<?xml version="1.0" encoding="UTF-8"?><ListMultipartUploadsResult>',
      `<IsTruncated>${open.length > PAGE}</IsTruncated>`,
      last === undefined ? '' : `<NextKeyMarker>${last.key}</NextKeyMarker>`,
      last === undefined ? '' : `<NextUploadIdMarker>${last.id}</NextUploadIdMarker>`,
      ...uploads,
      '</ListMultipartUploadsResult>',
    ].join('');
  }
}
