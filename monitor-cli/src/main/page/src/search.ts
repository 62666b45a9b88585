// Search for namespaces by their names, and by their processes and groups.

import type { Model, Namespace } from './model';
import { kernelName } from './text';

/**
 * Namespaces that match every word of the query. Words that the namespace's own names lack must all
 * match one group or one process of it.
 */
export function search(model: Model, query: string): Set<Namespace> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set<Namespace>();
  for (const ns of model.namespaces.values()) {
    const own = `${kernelName(ns)} ${ns.type} ${ns.key}`.toLowerCase();
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
