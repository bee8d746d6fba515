import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createExport, exportQuery, type ExportJob, type NewExport } from '../../api/exports.ts';
import { isProblem } from '../../api/problem.ts';
import { queryClient } from '../../api/query-client.ts';
import { newId } from '../../new-id.ts';
import { followExport } from '../follow/followed-exports.ts';

/** Failures that leave it unknown whether the job was created; a retry must use the same ID. */
const UNCLEAR = ['NETWORK', 'API_UNAVAILABLE', 'INTERNAL'] as const;

/** Creates a job. Retrying after an unclear failure creates no second job. */
export function useCreateExport(onCreated: (job: ExportJob) => void) {
  const [jobId, setJobId] = useState(newId);
  return useMutation({
    mutationFn: (request: NewExport) => createExport(request, jobId),
    onSuccess: (job) => {
      setJobId(newId());
      trackNewJob(job);
      onCreated(job);
    },
    onError: (error) => {
      if (!isProblem(error, ...UNCLEAR)) setJobId(newId());
    },
  });
}

/** Caches, lists and follows a job that was just created. */
export function trackNewJob(job: ExportJob): void {
  queryClient.setQueryData(exportQuery(job.jobId).queryKey, job);
  void queryClient.invalidateQueries({ queryKey: ['exports', 'list'] });
  followExport(job.jobId);
}
