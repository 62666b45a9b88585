// Finds namespaces by what they are called, and by what runs in them.

import type { Model, Namespace } from './model';

/** Those that every word of the query fits, by themselves or by one of their processes or groups. */
export function search(model: Model, query: string): Set<Namespace> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set<Namespace>();
  for (const ns of model.namespaces.values()) {
    const own = `${ns.type}:[${ns.inode}] ${ns.type} ${ns.key}`;
    const left = words.filter((word) => !own.includes(word));
    if (left.length === 0 || isInside(ns, left)) found.add(ns);
  }
  return found;
}

function isInside(ns: Namespace, words: readonly string[]): boolean {
  for (const group of ns.groups) {
    const text = `${group.label} ${group.key} ${group.pod} ${group.comm}`.toLowerCase();
    if (words.every((word) => text.includes(word))) return true;
  }
  for (const one of ns.members) {
    const comm = one.comm?.toLowerCase() ?? '';
    const pid = String(one.pid);
    const fits = (word: string) => pid === word || comm.includes(word) || one.group.label.toLowerCase().includes(word);
    if (words.every(fits)) return true;
  }
  return false;
}
