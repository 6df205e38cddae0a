import { DataError, OFFLINE, type FieldError, type StoreInTheWay } from '../errors';

/** Who asks. `token` is asked for anew before each call, so it may be renewed meanwhile. */
export interface Credentials {
  token(): Promise<string | null>;
  /** The token was refused: who was signed in no longer is. */
  refused(): void;
}

interface RequestOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Calls of the admin API at `base`, with its errors as `DataError`s. */
export class Http {
  constructor(
    private readonly base: string,
    private readonly credentials: Credentials,
    private readonly fetcher: typeof fetch = (...call) => fetch(...call),
  ) {}

  async request<T>(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    const response = await this.open(method, path, body, options);
    if (response.status === 204) return undefined as T;
    try {
      return (await response.json()) as T;
    } catch {
      // Something on the way answered in the server's place, or the answer broke off: neither is the last word.
      throw new DataError(502, 'NOT_JSON', 'The answer could not be read.');
    }
  }

  get<T>(path: string, options?: RequestOptions): Promise<T> {
    return this.request('GET', path, undefined, options);
  }

  /** The response itself, once it is a success. */
  async open(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Response> {
    const token = await this.credentials.token();
    const headers = new Headers(options.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    // A file goes as it is; everything else as JSON.
    const sent = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
    if (body !== undefined) headers.set('Content-Type', body instanceof Blob ? body.type || 'application/octet-stream' : 'application/json');
    const response = await this.send(path, {
      method,
      headers,
      body: sent,
      signal: options.signal,
      cache: 'no-store',
    });
    if (response.ok) return response;
    const error = await readProblem(response);
    if (error.status === 401) this.credentials.refused();
    throw error;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.fetcher(`${this.base}/${path}`, init);
    } catch (thrown) {
      if (init.signal?.aborted) throw thrown;
      throw new DataError(0, OFFLINE, 'The server did not answer.');
    }
  }
}

interface ProblemDetails {
  code?: string;
  detail?: string;
  title?: string;
  errors?: FieldError[];
  stores?: StoreInTheWay[];
}

async function readProblem(response: Response): Promise<DataError> {
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  try {
    const problem = (await response.json()) as ProblemDetails;
    const message = problem.detail || problem.title || response.statusText;
    return new DataError(response.status, problem.code ?? 'UNKNOWN', message, problem.errors ?? [], retryAfter, problem.stores ?? []);
  } catch {
    return new DataError(response.status, 'UNKNOWN', response.statusText || `HTTP ${response.status}`, [], retryAfter);
  }
}

/** `{a: 1, b: undefined}` as `?a=1`; nothing for nothing. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}
