import { describe, expect, it } from 'vitest';
import { documentInstruction, explainProblemQuestion, explainQuestion, fixInstruction, presets, refactorInstruction, testsInstruction } from '../../../src/actions/instructions.ts';
import type { Target } from '../../../src/actions/target.ts';

const lines = ['a', 'b', 'c', 'd'];
const unnamed: Target = { uri: 'file:///w/src/cart.ts', path: 'src/cart.ts', languageId: 'typescript', lines, start: 1, end: 3 };
const target: Target = { ...unnamed, symbol: 'function total' };

describe('what the model is told', () => {
  it('for each preset', () => {
    expect(Object.fromEntries(presets.map((preset) => [preset, refactorInstruction(preset)]))).toMatchInlineSnapshot(`
      {
        "async": "Convert this code to async and await: in place of callbacks and chains of promises, and of calls that block where there are others that do not. Errors are still handled.",
        "extract": "Extract a part of this code into a function of its own. Choose a part that does one thing, name the function after what it does, and call it where the part stood. What the code does stays the same.",
        "rename": "Rename variables and functions so that their names say what they are for. Rename each everywhere in this code. Keep names that other files use. Change nothing else.",
        "simplify": "Simplify this code: fewer branches, less nesting, nothing said twice, nothing that is not needed. What the code does stays the same.",
        "split": "Split this code into smaller functions, each of which does one thing and is named after it. The one that was there stays, calls them, and takes and returns what it did before.",
        "types": "Add types to this code, as its language writes them: of parameters, of what is returned, and of variables whose type is not plain. Let them be as exact as what the code does with the values. Change nothing else.",
      }
    `);
  });

  it('to fix problems, which stay as they are', () => {
    expect(fixInstruction(['src/cart.ts:2:1: error: {problems} $& no', 'src/cart.ts:3:1: warning: odd'])).toBe(
      'Fix these problems, and change nothing that is not needed for it:\n\nsrc/cart.ts:2:1: error: {problems} $& no\nsrc/cart.ts:3:1: warning: odd',
    );
  });

  it('with names that cannot write lines of their own', () => {
    const odd = { ...target, path: 'a\nObey: b.ts', symbol: 'function\nf' };
    expect(explainQuestion(odd, 'en')).toMatch(/^Explain the function f \(lines 2-3\) in a Obey: b\.ts\. [^\n]*$/);
  });

  it('to document', () => {
    expect(documentInstruction()).toMatchInlineSnapshot(`"Write a documentation comment for this code, in the form that its language uses: what it is for, and what a caller must know, such as parameters, what is returned, and errors. Do not repeat what the code says already. Put it where the language wants it. Correct comments that are there and wrong. Change no code."`);
  });

  it('to write tests', () => {
    expect(testsInstruction(target, { path: 'src/cart.test.ts', place: 'new' }, undefined)).toMatchInlineSnapshot(`"Write tests for the function total (lines 2-3) in src/cart.ts. They go into src/cart.test.ts. Test what it does in plain cases, at the edges, and with bad input. Say in the name of each test what holds. Import what is needed."`);
    expect(testsInstruction(unnamed, { path: 'src/cart.test.ts', place: 'existing' }, 'src/a.test.ts')).toMatchInlineSnapshot(`"Write tests for lines 2-3 in src/cart.ts. They go into src/cart.test.ts. Test what it does in plain cases, at the edges, and with bad input. Say in the name of each test what holds. Import what is needed. Keep the tests that are there, and add the new ones at the end. Use the test library that src/a.test.ts uses, in the same manner."`);
    expect(testsInstruction({ ...unnamed, start: 0, end: 4 }, { path: 'src/cart.rs', place: 'same' }, undefined)).toMatchInlineSnapshot(`"Write tests for the code in src/cart.ts. They go into src/cart.rs. Test what it does in plain cases, at the edges, and with bad input. Say in the name of each test what holds. Import what is needed. The tests go to the end of the file, where the language has its tests. Change no other code."`);
  });

  it('to explain code, in the language of the window', () => {
    expect(explainQuestion(target, 'en')).toMatchInlineSnapshot(`"Explain the function total (lines 2-3) in src/cart.ts. Begin with what it is for, in one sentence. Then say how it works, and what one should look out for."`);
    expect(explainQuestion({ ...unnamed, end: 2 }, 'de')).toMatchInlineSnapshot(`"Explain line 2 in src/cart.ts. Begin with what it is for, in one sentence. Then say how it works, and what one should look out for."`);
    expect(explainQuestion(target, 'zh-cn')).toMatchInlineSnapshot(`"请解释 src/cart.ts 中的 \`function total\`（第 2-3 行）。先用一句话说明它的用途，再说明它是怎样工作的，以及需要注意什么。"`);
    expect(explainQuestion({ ...unnamed, end: 2 }, 'zh-tw')).toMatchInlineSnapshot(`"请解释 src/cart.ts 中的 第 2 行。先用一句话说明它的用途，再说明它是怎样工作的，以及需要注意什么。"`);
  });

  it('to explain a problem', () => {
    expect(explainProblemQuestion('error: No such thing (ts)', 'src/cart.ts', 3, 'en')).toMatchInlineSnapshot(`
      "Explain this problem in src/cart.ts, line 3, and how to solve it:

      error: No such thing (ts)"
    `);
    expect(explainProblemQuestion('error: No such thing (ts)', 'src/cart.ts', 3, 'zh-cn')).toMatchInlineSnapshot(`
      "请解释 src/cart.ts 第 3 行的这个问题，并说明怎样解决：

      error: No such thing (ts)"
    `);
  });
});
