import type { ThinkingMessage, ThinkingState, ThoughtState } from '../../protocol/webview.ts';

/** What the thinking view draws. */
export interface ThinkingView {
  /** Absent until the host has spoken. */
  readonly thinking: ThinkingState | undefined;
  /** The last wish of each kind; `count` tells one from the next. */
  readonly reveal: { readonly turnId: string; readonly count: number } | undefined;
  readonly finds: number;
  readonly collapses: number;
}

export const initialView: ThinkingView = { thinking: undefined, reveal: undefined, finds: 0, collapses: 0 };

export function reduce(view: ThinkingView, message: ThinkingMessage): ThinkingView {
  switch (message.type) {
    case 'state':
      return { ...view, thinking: message.state };
    case 'thought':
      return changeThoughts(view, (thoughts) => withThought(thoughts, message.thought));
    case 'append':
      return changeThoughts(view, (thoughts) =>
        thoughts.map((thought) =>
          thought.turnId === message.turnId ? { ...thought, text: thought.text + message.text } : thought,
        ),
      );
    case 'reveal':
      return { ...view, reveal: { turnId: message.turnId, count: (view.reveal?.count ?? 0) + 1 } };
    case 'find':
      return { ...view, finds: view.finds + 1 };
    case 'collapseAll':
      return { ...view, collapses: view.collapses + 1 };
    default:
      return view;
  }
}

function changeThoughts(
  view: ThinkingView,
  change: (thoughts: readonly ThoughtState[]) => readonly ThoughtState[],
): ThinkingView {
  const { thinking } = view;
  return thinking ? { ...view, thinking: { ...thinking, thoughts: change(thinking.thoughts) } } : view;
}

function withThought(thoughts: readonly ThoughtState[], thought: ThoughtState): readonly ThoughtState[] {
  return thoughts.some((known) => known.turnId === thought.turnId)
    ? thoughts.map((known) => (known.turnId === thought.turnId ? thought : known))
    : [...thoughts, thought];
}
