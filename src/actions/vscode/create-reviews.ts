import type { Logger } from '../../base/log.ts';
import type { Reviews } from './reviews.ts';

export function createReviews(logger: Logger): Reviews {
  const later = (): undefined => void logger.debug('later');
  return {
    commands: {
      'ponder.acceptHunk': later,
      'ponder.rejectHunk': later,
      'ponder.nextHunk': later,
      'ponder.previousHunk': later,
      'ponder.acceptAll': later,
      'ponder.rejectAll': later,
      'ponder.openReviewDiff': later,
    },
    begin: () => ({ propose: () => Promise.resolve(), finish: () => undefined, withdraw: () => Promise.resolve() }),
    dispose: () => undefined,
  };
}
