// Connection to the stream. Keeps the number of the last record, connects again after a cut, and
// resumes there.

import { type Other, read, type StreamRecord } from './record';

export type Condition =
  | { is: 'connecting' }
  | { is: 'live' }
  | { is: 'waiting'; until: number; why: string }
  | { is: 'refused' };

export interface Listener {
  record(record: StreamRecord | Other): void;
  condition(condition: Condition): void;
}

const TOKEN = 'nsmon.token';
const TOKEN_PROTOCOL = 'base64url.bearer.authorization.nsmon.';
const LONGEST_WAIT_MILLIS = 10_000;

export class Connection {
  private stream = '';
  private seq = 0;
  private failures = 0;
  private timer = 0;
  private socket: WebSocket | undefined;

  constructor(private readonly listener: Listener) {}

  /** Number of the last record; 0 before the first one, and while a state is being received. */
  get lastSeq(): number {
    return this.seq;
  }

  /** @param token what the user entered; if absent, the token stored in this tab */
  open(token?: string): void {
    if (token !== undefined) sessionStorage.setItem(TOKEN, token);
    clearTimeout(this.timer);
    this.socket?.close();
    this.listener.condition({ is: 'connecting' });
    const socket = new WebSocket(this.address(), this.protocols());
    this.socket = socket;
    socket.onopen = () => {
      if (socket !== this.socket) return;
      this.listener.condition({ is: 'live' });
    };
    socket.onmessage = (message: MessageEvent<string>) => {
      if (socket === this.socket) this.take(message.data);
    };
    socket.onclose = (close) => {
      if (socket === this.socket) void this.closed(close);
    };
  }

  private take(text: string): void {
    const record = read(text);
    this.failures = 0;
    // Records of a state have no number: after a cut within it, it must be received from its start.
    if (record.seq !== undefined) {
      this.seq = record.seq;
      this.stream = record.stream;
    } else {
      this.seq = 0;
    }
    this.listener.record(record);
  }

  private address(): URL {
    const address = new URL('events', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    address.hash = '';
    if (this.seq > 0) {
      address.searchParams.set('since', String(this.seq));
      address.searchParams.set('stream', this.stream);
    }
    return address;
  }

  private protocols(): string[] {
    const token = sessionStorage.getItem(TOKEN);
    return token ? [TOKEN_PROTOCOL + base64url(token), 'nsmon.json'] : ['nsmon.json'];
  }

  private async closed(close: CloseEvent): Promise<void> {
    this.socket = undefined;
    // A browser does not report the HTTP status of a refused WebSocket. A plain request shows it.
    if (close.code === 1006 && (await this.isRefused())) {
      this.listener.condition({ is: 'refused' });
      return;
    }
    if (this.socket) return;
    const wait = Math.min(LONGEST_WAIT_MILLIS, 250 * 2 ** this.failures) * (0.5 + Math.random() / 2);
    this.failures++;
    const why = close.code === 1001 ? 'the monitor has ended' : close.reason || 'the connection was cut';
    this.listener.condition({ is: 'waiting', until: performance.now() + wait, why });
    this.timer = window.setTimeout(() => this.open(), wait);
  }

  private async isRefused(): Promise<boolean> {
    const token = sessionStorage.getItem(TOKEN);
    const headers: HeadersInit = token ? { Authorization: `Bearer ${token}` } : {};
    try {
      const answer = await fetch('namespaces?type=time', { headers, cache: 'no-store' });
      await answer.body?.cancel();
      return answer.status === 401;
    } catch {
      return false;
    }
  }
}

function base64url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
