/** What a model wrote as a commit message, as git wants it. Pure. */

/** A subject longer than this is cut off in most places where commits are listed, characters. */
const subjectLength = 72;

/** Without fences, quotes, headings and talk around it; the subject on one line, then a blank one, then the body. */
export function commitMessage(answer: string): string {
  const lines = answer
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .filter((line) => !/^\s*(?:`{3,}|~{3,})/.test(line))
    .map((line) => line.trimEnd());
  const start = lines.findIndex((line) => line !== '' && !isTalk(line));
  if (start < 0) return '';
  const subject = (lines[start] ?? '')
    .replace(/^#+\s*|^(?:commit message|subject|title)\s*:\s*/i, '')
    .replace(/^\*\*(.*)\*\*$/, '$1')
    .replace(/^(["'`])(.*)\1$/, '$2')
    .replace(/\.$/, '')
    .trim();
  const body = lines
    .slice(start + 1)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return body === '' ? subject : `${subject}\n\n${body}`;
}

/** Whether a subject will be cut off where commits are listed. */
export function isLongSubject(message: string): boolean {
  return (message.split('\n', 1)[0] ?? '').length > subjectLength;
}

/** "Here is a commit message:" */
function isTalk(line: string): boolean {
  return /^(?:sure|certainly|of course|okay|ok|here(?:'s| is| are)|this is|below is)\b.*[:!.]?$/i.test(line.trim()) && /[:!]$|commit/i.test(line);
}
