/** Words that say nothing about what a file is about. Pure. */

/** Of English: what questions and comments are built with. */
export const englishStopWords: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any anyone are aren as at be because been before being below between both but by
  can cannot could couldn did didn do does doesn doing don done down during each either else ever every few for from further get gets
  give given go goes going had hadn has hasn have haven having he help her here hers him his how however i if in into is isn it its
  just know let like ll look made make makes many may maybe me mean might more most much must my need needs no nor not now of off ok on
  once one only or other our out over own please re really right s same say see shall she should shouldn show so some something such
  t tell than thank that the their them then there these they thing things this those through to too two under until up us use used
  uses using ve very want was wasn way we well were weren what when where which while who whom whose why will with within without won
  work works would wouldn yes yet you your
  anywhere code codebase explain file files find happen happens project repo repository somewhere workspace`.split(/\s+/),
);

/** Of programming languages: they stand in nearly every file. */
export const keywords: ReadonlySet<string> = new Set(
  `abstract any assert async await bool boolean break byte case catch char class const constructor continue debugger declare def default
  defer del delete double elif else elseif end enum except export extends extern false final finally float fn for foreach from func
  function global go goto if impl implements import in include instanceof int interface internal is lambda let long match mod module
  mut namespace new nil none not null number object of operator or override package pass private protected pub public raise readonly
  ref require return self set short sizeof static str string struct super switch template this throw throws trait true try type typedef
  typeof undefined union unknown unsafe unsigned use using val var virtual void volatile where while with yield`.split(/\s+/),
);

/** What Chinese questions are built with; the longer ones first, since a question is cut at them. */
export const chineseStopWords: readonly string[] = `为什么 怎么样 怎样 怎么 如何 什么 哪里 哪儿 哪个 哪些 哪 是否 可以 能否 能不能 有没有 是不是 请问 请 帮我 帮忙 告诉 解释 说明一下 一下 这个
  那个 这些 那些 这里 那里 我们 你们 他们 它们 我 你 他 她 它 的 了 吗 呢 吧 啊 是 在 和 与 或者 或 及 以及 被 把 给 对 从 到 于 里面 里 中 时候 时 会 要 想 让 使 将 就 都 也 还 又
  而 且 但是 但 如果 因为 所以 这 那 有 个 并 后 前 用 用来 项目 代码 文件 工作区 哪一 什 么`
  .split(/\s+/)
  .sort((a, b) => b.length - a.length);
