/** Optional: for apps that keep their state in Redux Toolkit. Import it from here; `index.ts` leaves it out, so that nobody else needs the package. */
import { createSlice, type Dispatch, type PayloadAction } from '@reduxjs/toolkit';
import { newest, type DataSource, type Provisioning } from '../data';

export type JobStatus = 'idle' | 'loading' | 'succeeded' | 'failed';

export interface Job {
  status: JobStatus;
  provisioning: Provisioning | null;
  error: string | null;
}

export interface ProvisioningState {
  /** By tenant, which is the store's id. */
  jobs: Record<string, Job>;
}

const IDLE: Job = { status: 'idle', provisioning: null, error: null };
const initialState: ProvisioningState = { jobs: {} };

export const provisioningSlice = createSlice({
  name: 'provisioning',
  initialState,
  reducers: {
    followed(state, { payload }: PayloadAction<{ storeId: string }>) {
      state.jobs[payload.storeId] ??= { ...IDLE, status: 'loading' };
    },
    arrived(state, { payload }: PayloadAction<{ storeId: string; provisioning: Provisioning | null }>) {
      const shown = state.jobs[payload.storeId]?.provisioning ?? null;
      state.jobs[payload.storeId] = jobOf(newest(shown, payload.provisioning));
    },
    refused(state, { payload }: PayloadAction<{ storeId: string; message: string }>) {
      state.jobs[payload.storeId] = { ...(state.jobs[payload.storeId] ?? IDLE), status: 'failed', error: payload.message };
    },
    forgotten(state, { payload }: PayloadAction<{ storeId: string }>) {
      state.jobs = Object.fromEntries(Object.entries(state.jobs).filter(([storeId]) => storeId !== payload.storeId));
    },
  },
});

function jobOf(provisioning: Provisioning | null): Job {
  return { provisioning, status: provisioning ? statusOf(provisioning) : 'idle', error: provisioning?.error?.title ?? null };
}

function statusOf(p: Provisioning): JobStatus {
  if (p.status === 'COMPLETED') return 'succeeded';
  if (p.status === 'FAILED' || p.halted) return 'failed';
  return p.status === 'ROLLED_BACK' ? 'idle' : 'loading';
}

export const { followed, arrived, refused, forgotten } = provisioningSlice.actions;
export const provisioningReducer = provisioningSlice.reducer;

/** Follows a store into the state; call what it returns to end. */
export function followStore(dispatch: Dispatch, source: DataSource, storeId: string): () => void {
  dispatch(followed({ storeId }));
  const watch = source.watchProvisioning(
    { storeId },
    {
      onValue: (provisioning) => dispatch(arrived({ storeId, provisioning })),
      onConnection: () => undefined,
      onError: (error) => dispatch(refused({ storeId, message: error.message })),
    },
  );
  return watch.stop;
}

/** The job of a store, from a state whose slice is called `provisioning`. */
export function selectJob(state: { provisioning: ProvisioningState }, storeId: string): Job {
  return state.provisioning.jobs[storeId] ?? IDLE;
}
