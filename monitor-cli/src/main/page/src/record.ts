// Records of the stream, as far as the page reads them; event-v1.schema.json describes all of it. A
// newer monitor may send unknown kinds and types. The page lists those as events, but they do not
// change the picture.

export const TYPES = ['user', 'pid', 'mnt', 'net', 'ipc', 'uts', 'cgroup', 'time'] as const;
export type NsType = (typeof TYPES)[number];

export interface Identity {
  type: NsType;
  /** Absent if the namespace itself was never observed. */
  inode?: number;
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

/** A record without `seq` is part of a state, or a loss without numbers. */
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
  /** Attention rules that the join matches; absent if it matches none. */
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

/** A record of an unknown kind, or about a namespace of an unknown type. */
export interface Other extends Common {
  kind: string;
  namespace?: NamespaceRecord;
  namespaces?: Partial<Record<NsType, Identity>>;
  process?: ProcessRecord;
  container?: ContainerRecord;
  other: true;
}

const KINDS: ReadonlySet<string> = new Set<Kind>([
  'namespace-created',
  'process-joined',
  'process-left',
  'namespace-destroyed',
  'synced',
  'events-lost',
]);
const KNOWN_TYPES: ReadonlySet<string> = new Set(TYPES);

/** Parses a record of the stream. */
export function read(text: string): StreamRecord | Other {
  const record = JSON.parse(text) as Other;
  const { namespace, namespaces, process } = record;
  const isKnown = KINDS.has(record.kind) && (!namespace || KNOWN_TYPES.has(namespace.type));
  const known = Object.entries(namespaces ?? {}).filter(([type]) => KNOWN_TYPES.has(type));
  if (namespaces) record.namespaces = Object.fromEntries(known);
  if (isKnown) return record as unknown as StreamRecord;
  record.other = true;
  if (typeof namespace?.key !== 'string' || !KNOWN_TYPES.has(namespace.type)) delete record.namespace;
  if (known.some(([, one]) => typeof one.key !== 'string')) delete record.namespaces;
  if (typeof process?.pid !== 'number') delete record.process;
  return record;
}

export function isOther(record: StreamRecord | Other): record is Other {
  return 'other' in record;
}
