// Text for display. Names of processes and containers are untrusted: whoever starts them chooses
// the names.

import type { ContainerRecord, Holder, Identity, ProcessRecord } from './record';

// Control and format characters (also those for bidirectional text), unpaired surrogates,
// private-use and unassigned code points, line and paragraph separators, and the backslash.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\\]/gu;

/** Escapes everything that is not plainly printable, as nsmon does on the terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (c) => {
    const code = c.codePointAt(0) ?? 0;
    switch (c) {
      case '\n':
        return '\\n';
      case '\r':
        return '\\r';
      case '\t':
        return '\\t';
      case '\\':
        return '\\\\';
    }
    return code < 0x20 || (code >= 0x7f && code < 0xa0)
      ? '\\x' + code.toString(16).padStart(2, '0')
      : '\\u{' + code.toString(16) + '}';
  });
}

/** Name as in /proc/PID/ns, `net:[4026532177]`; the key if the inode is unknown. */
export function kernelName(ns: Identity): string {
  return ns.inode === undefined ? printable(ns.key) : `${ns.type}:[${ns.inode}]`;
}

/** The same without the type. */
export function shortName(ns: Identity): string {
  return ns.inode === undefined ? printable(ns.key.slice(ns.type.length + 1)) : String(ns.inode);
}

export function containerLabel(container: ContainerRecord | undefined): string {
  if (container?.id) {
    const short = container.id.length === 64 ? container.id.slice(0, 12) : container.id;
    const id = container.runtime ? `${container.runtime}:${short}` : short;
    return printable(container.name ? `${id} ${container.name}` : id);
  }
  return container?.unit ? printable(container.unit) : '';
}

/** `4711 nginx`, or `4711/4712 nginx` for a thread. */
export function processLabel(process: ProcessRecord): string {
  const pid = process.tid ? `${process.pid}/${process.tid}` : `${process.pid}`;
  return process.comm ? `${pid} ${printable(process.comm)}` : pid;
}

export function holderLabel(holder: Holder): string {
  switch (holder.kind) {
    case 'mount':
      return `mounted at ${printable(holder.path ?? '')} in ${holder.mountNamespace ?? ''}`;
    case 'fd':
      return `open in ${holder.pid}, descriptor ${holder.fd}`;
    case 'socket':
      return `a socket of ${holder.pid}, descriptor ${holder.fd}`;
    case 'thread':
      return `thread ${holder.tid} of ${holder.pid}`;
    case 'for-children':
      return `kept for the children of ${holder.pid}`;
    case 'namespace':
      return `its child ${holder.key ?? ''}`;
    default:
      return printable(holder.kind);
  }
}

const numbers = new Intl.NumberFormat('en-US');

export function count(n: number): string {
  return numbers.format(n);
}

export function plural(n: number, one: string, many = one + 's'): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Local time of day with milliseconds. */
export function timeOfDay(millis: number): string {
  const at = new Date(millis);
  const two = (n: number) => (n < 10 ? '0' + n : '' + n);
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

export function duration(millis: number): string {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${(millis / 1000).toFixed(1)} s`;
  if (millis < 3_600_000) return `${Math.floor(millis / 60_000)} min`;
  if (millis < 172_800_000) return `${(millis / 3_600_000).toFixed(1)} h`;
  return `${Math.floor(millis / 86_400_000)} days`;
}
