import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ThoughtState } from '../../protocol/webview.ts';
import { findMatches } from './find.ts';
import type { Match } from './find.ts';

export interface Find {
  readonly open: boolean;
  readonly query: string;
  readonly matches: readonly Match[];
  readonly at: number;
  readonly current: Match | undefined;
  /** How often the box was called for. */
  readonly calls: number;
  readonly setQuery: (query: string) => void;
  readonly step: (by: 1 | -1) => void;
  readonly close: () => void;
}

/** The search in the thoughts: opened by the host or by Ctrl+F (Cmd+F). */
export function useFind(thoughts: readonly ThoughtState[], finds: number): Find {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [calls, setCalls] = useState(0);
  const matches = useMemo(() => (open ? findMatches(thoughts, query) : []), [open, thoughts, query]);

  useEffect(() => {
    if (finds === 0) return;
    setOpen(true);
    setCalls((known) => known + 1);
  }, [finds]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      setOpen(true);
      setCalls((known) => known + 1);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);

  const bounded = matches.length === 0 ? 0 : Math.min(at, matches.length - 1);
  return {
    open,
    query,
    matches,
    at: bounded,
    current: matches[bounded],
    calls,
    setQuery: (next) => {
      setQuery(next);
      setAt(0);
    },
    step: (by) => {
      if (matches.length > 0) setAt((bounded + by + matches.length) % matches.length);
    },
    close: () => {
      setOpen(false);
    },
  };
}
