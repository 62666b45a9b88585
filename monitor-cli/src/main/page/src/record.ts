// The records of the stream, as far as the page reads them: event-v1.schema.json says it all.

export const TYPES = ['user', 'pid', 'mnt', 'net', 'ipc', 'uts', 'cgroup', 'time'] as const;
export type NsType = (typeof TYPES)[number];

export interface Identity {
  type: NsType;
  inode: number;
  id?: string;
  key: string;
  initial: boolean;
}

export interface Holder {
  kind: string;
  path?: string;
  mountNamespace?: string;
  pid?: number;
  tid?: number;
  fd?: number;
  key?: string;
}

export interface NamespaceRecord extends Identity {
  parent?: string;
  owner?: string;
  ownerUid?: number;
  holders?: Holder[];
}

export interface ProcessRecord {
  pid: number;
  tid?: number;
  startTicks?: number;
  nsPids?: number[];
  ppid?: number;
  comm?: string;
  exe?: string;
  uid?: number;
  cause?: string;
}

export interface ContainerRecord {
  id?: string;
  runtime?: string;
  name?: string;
  image?: string;
  podUid?: string;
  qos?: string;
  unit?: string;
}

export interface Place extends Identity {
  from?: Identity;
}

/** A record without `seq` tells of the state, and not of an event. */
interface Common {
  stream: string;
  seq?: number;
  time: string;
  source: string;
  host?: { name?: string; id?: string };
}

export interface Created extends Common {
  kind: 'namespace-created';
  namespace: NamespaceRecord;
  process?: ProcessRecord;
  container?: ContainerRecord;
}

export interface Joined extends Common {
  kind: 'process-joined';
  process: ProcessRecord;
  container?: ContainerRecord;
  namespaces: Partial<Record<NsType, Place>>;
  /** Why it deserves attention; absent if it deserves none. */
  attention?: string[];
}

export interface Left extends Common {
  kind: 'process-left';
  process: ProcessRecord;
  container?: ContainerRecord;
  namespaces: Partial<Record<NsType, Identity>>;
}

export interface Destroyed extends Common {
  kind: 'namespace-destroyed';
  namespace: NamespaceRecord;
  process?: ProcessRecord;
  container?: ContainerRecord;
  lifetimeMillis?: number;
  evidence: string;
}

export interface Synced extends Common {
  kind: 'synced';
  counts: { processes: number; unreadable: number; namespaces: Partial<Record<NsType, number>> };
}

export interface EventsLost extends Common {
  kind: 'events-lost';
  where: string;
  first?: number;
  last?: number;
  count?: number;
}

export type StreamRecord = Created | Joined | Left | Destroyed | Synced | EventsLost;
export type Kind = StreamRecord['kind'];
