import DOMPurify from 'dompurify';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import temml from 'temml';
import { Scroller } from '../scroller.tsx';

/** The part of the formula tree that is touched here. */
interface MathsNode {
  readonly classes: string[];
  style: Record<string, string | number | undefined>;
  readonly children: readonly unknown[];
  toMarkup(): string;
}

function isMathsNode(node: unknown): node is MathsNode {
  return typeof node === 'object' && node !== null && 'classes' in node && 'style' in node && 'children' in node;
}

/** Inline styles are not allowed in a webview: the few that carry meaning become classes. */
function stylesToClasses(node: MathsNode): void {
  const { style } = node;
  if (typeof style['border'] === 'string') node.classes.push('maths-boxed');
  if (style['paddingLeft'] === '1em') node.classes.push('maths-column');
  if (style['paddingLeft'] === '0em') node.classes.push('maths-flush');
  if (style['borderBottom'] !== undefined || style['borderTop'] !== undefined) node.classes.push('maths-ruled');
  node.style = {};
  for (const child of node.children) if (isMathsNode(child)) stylesToClasses(child);
}

/** MathML of a formula, or nothing if it cannot be read. */
export function mathsMarkup(tex: string, display: boolean): string | undefined {
  try {
    const tree: unknown = temml.__renderToMathMLTree(tex, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: false,
      maxSize: [20, 200],
      maxExpand: 500,
    });
    if (!isMathsNode(tree)) return undefined;
    stylesToClasses(tree);
    return DOMPurify.sanitize(tree.toMarkup(), {
      USE_PROFILES: { mathMl: true },
      ADD_TAGS: ['span'],
      ADD_ATTR: ['class', 'form'],
      FORBID_ATTR: ['style', 'href', 'id'],
    });
  } catch {
    return undefined;
  }
}

export function Maths({ tex, display }: { readonly tex: string; readonly display: boolean }): JSX.Element {
  const markup = useMemo(() => mathsMarkup(tex, display), [tex, display]);
  if (markup === undefined) return <code class="maths-source">{tex}</code>;
  const formula = <span class={display ? 'maths display' : 'maths'} dangerouslySetInnerHTML={{ __html: markup }} />;
  return display ? (
    <Scroller class="maths-box" label={l10n.t('Formula')}>
      {formula}
    </Scroller>
  ) : (
    formula
  );
}
