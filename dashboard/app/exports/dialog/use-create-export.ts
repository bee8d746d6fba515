import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createExport, exportQuery, type ExportJob, type NewExport } from '../../api/exports.ts';
import { isProblem } from '../../api/problem.ts';
import { queryClient } from '../../api/query-client.ts';
import { newId } from '../../new-id.ts';
import { followExport } from '../follow/followed-exports.ts';

/** Failures after which nobody knows whether the job was made: asking again must use the same id. */
const UNCLEAR = ['NETWORK', 'API_UNAVAILABLE', 'INTERNAL'] as const;

/** Makes a job; pressing the button again after an unclear failure makes no second one. */
export function useCreateExport(onCreated: (job: ExportJob) => void) {
  const [jobId, setJobId] = useState(newId);
  return useMutation({
    mutationFn: (request: NewExport) => createExport(request, jobId),
    onSuccess: (job) => {
      setJobId(newId());
      began(job);
      onCreated(job);
    },
    onError: (error) => {
      if (!isProblem(error, ...UNCLEAR)) setJobId(newId());
    },
  });
}

/** A job was made: it is known, listed and watched. */
export function began(job: ExportJob): void {
  queryClient.setQueryData(exportQuery(job.jobId).queryKey, job);
  void queryClient.invalidateQueries({ queryKey: ['exports', 'list'] });
  followExport(job.jobId);
}
