// Three kinds of failure: the server rejects the request, is unreachable, or the downloaded data is not the file.
import {
  createClient,
  DigestMismatchError,
  ExhibitError,
  ExhibitNetworkError,
} from '@exhibit/client';

const client = createClient({
  baseUrl: process.env.EXHIBIT_API_URL ?? 'http://127.0.0.1:4600',
  apiKey: process.env.EXHIBIT_API_KEY ?? '',
});

try {
  await client.exports.create(
    { format: 'CSV', filters: { categories: [] } },
    { signal: AbortSignal.timeout(30_000) },
  );
} catch (error) {
  if (error instanceof ExhibitError) {
    console.log(`${error.status} ${error.code}: ${error.detail}`);
    for (const { path, message } of error.errors) console.log(`  ${path}: ${message}`);
  } else if (error instanceof ExhibitNetworkError) {
    console.log(`unreachable after several attempts: ${error.message}`);
  } else if (error instanceof DigestMismatchError) {
    console.log(`do not use this file: ${error.message}`);
  } else {
    throw error;
  }
}
