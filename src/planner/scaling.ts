/** Which windows a model can have, and what YaRN must do for them. */
import type { ModelShape } from './shape.ts';

/** Context windows offered when the one asked for does not fit, in tokens. */
export const contextLadder = [262_144, 131_072, 98_304, 65_536, 32_768, 16_384, 8192, 4096, 2048] as const;

/**
 * The hybrid Qwen3 declare 40,960 tokens: 32,768 they were trained on, and 8,192 for a prompt beside an answer of that
 * length. YaRN stretches what they were trained on.
 */
const hybridDeclared = 40_960;
const hybridNative = 32_768;

/** Up to which YaRN was validated for them. */
const largestFactor = 4;

export interface Windows {
  /** Tokens up to which positions stand as they were trained. */
  readonly native: number;
  /** Tokens up to which a window may grow by itself. */
  readonly largest: number;
}

/**
 * The 2507 models were trained anew for 262,144 tokens, with another rope base, and are not to be stretched; any other
 * family neither, unasked, for nobody has said what YaRN does to it. A file that stretches by itself is taken as it is.
 */
export function windowsOf(shape: ModelShape): Windows {
  if (shape.windows) return shape.windows;
  const { architecture, thinking, declaredContext, ropeBase, bakedFactor } = shape;
  const hybrid = architecture.startsWith('qwen3') && thinking === 'hybrid' && declaredContext <= hybridDeclared;
  if (!hybrid || ropeBase === undefined || bakedFactor > 1) return { native: declaredContext, largest: declaredContext };
  const native = declaredContext === hybridDeclared ? hybridNative : declaredContext;
  return { native, largest: native * largestFactor };
}

/**
 * The least that covers a window, since YaRN harms shorter texts the more it stretches: 1, or a whole number from 2 on.
 * Beyond 4 only for a window that the user insists on.
 */
export function factorFor(shape: ModelShape, contextSize: number): number {
  const { native } = windowsOf(shape);
  if (contextSize <= native || shape.ropeBase === undefined || shape.bakedFactor > 1) return 1;
  return Math.ceil(contextSize / native);
}

/** The windows that one may grow through, tokens, smallest first: those of the ladder, and where a factor ends. */
export function windowSteps(shape: ModelShape): number[] {
  const { native, largest } = windowsOf(shape);
  const ends = Array.from({ length: largestFactor }, (_, index) => native * (index + 1));
  return [...new Set([...contextLadder, ...ends, largest])].filter((size) => size <= largest).sort((a, b) => a - b);
}
