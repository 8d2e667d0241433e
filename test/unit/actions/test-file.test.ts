import { describe, expect, it } from 'vitest';
import { exampleTest, isTestFile, testPlace } from '../../../src/actions/test-file.ts';

describe('testPlace', () => {
  it.each([
    ['src/cart.ts', 'src/cart.test.ts'],
    ['cart.js', 'cart.test.js'],
    ['ui/button.tsx', 'ui/button.test.tsx'],
    ['ui/Button.vue', 'ui/Button.test.ts'],
    ['app/stats.py', 'app/test_stats.py'],
    ['cmd/main.go', 'cmd/main_test.go'],
    ['lib/cart.rb', 'lib/cart_spec.rb'],
    ['src/Cart.php', 'src/CartTest.php'],
    ['Shop/Cart.cs', 'Shop/CartTests.cs'],
    ['src/main/java/shop/Cart.java', 'src/test/java/shop/CartTest.java'],
    ['core/src/main/kotlin/shop/Cart.kt', 'core/src/test/kotlin/shop/CartTest.kt'],
    ['Cart.java', 'CartTest.java'],
    ['lib/cart.ex', 'lib/cart_test.exs'],
    ['a.zig', 'a.test.zig'],
  ])('of %s is %s where nothing is known', (file, path) => {
    expect(testPlace(file, [])).toEqual({ path, place: 'new' });
  });

  it.each([
    ['a Rust file', 'src/cart.rs'],
    ['a file that holds tests itself', 'src/cart.test.ts'],
  ])('of %s is that file', (_, file) => {
    expect(testPlace(file, ['tests/other.rs', 'src/a.test.ts'])).toEqual({ path: file, place: 'same' });
  });

  it.each([
    ['src/cart.ts', ['src/a.test.ts', 'test/cart.spec.ts'], 'test/cart.spec.ts'],
    ['src/cart.tsx', ['src/cart.test.ts'], 'src/cart.test.ts'],
    ['app/stats.py', ['tests/test_stats.py'], 'tests/test_stats.py'],
    ['src/chat/prompt.ts', ['test/unit/completion/prompt.test.ts', 'test/unit/chat/prompt.test.ts'], 'test/unit/chat/prompt.test.ts'],
    ['shop/Cart.cs', ['shop.Tests/CartTests.cs', 'shop/CartTests.cs'], 'shop/CartTests.cs'],
  ])('of %s is the file that tests it already', (file, known, path) => {
    expect(testPlace(file, known)).toEqual({ path, place: 'existing' });
  });

  it('is not a file that tests another one of the same name', () => {
    expect(testPlace('src/chat/prompt.ts', ['test/unit/completion/prompt.test.ts']).place).toBe('new');
  });

  it.each([
    ['src/cart.ts', ['src/a.spec.ts'], 'src/cart.spec.ts'],
    ['src/shop/cart.ts', ['src/other/__tests__/a.test.ts'], 'src/shop/__tests__/cart.test.ts'],
    ['src/cart.ts', ['test/a.test.ts'], 'test/cart.test.ts'],
    ['src/context/format.ts', ['test/unit/chat/a.test.ts', 'test/unit/base/b.test.ts'], 'test/unit/context/format.test.ts'],
    ['src/chat/format.ts', ['test/unit/chat/a.test.ts', 'test/host/b.test.ts'], 'test/unit/chat/format.test.ts'],
    ['app/stats.py', ['tests/test_a.py', 'tests/test_b.py'], 'tests/test_stats.py'],
    ['lib/cart.rb', ['test/a_test.rb'], 'test/cart_test.rb'],
    ['app/stats.py', ['src/a.test.ts'], 'app/test_stats.py'],
  ])('of %s follows what there is: %j', (file, known, path) => {
    expect(testPlace(file, known)).toEqual({ path, place: 'new' });
  });

  it('takes a name as it is', () => {
    expect(testPlace('src/$&.ts', []).path).toBe('src/$&.test.ts');
  });
});

describe('isTestFile', () => {
  it.each(['a.test.ts', 'a/b.spec.js', 'test_a.py', 'a_test.go', 'CartTest.java', 'TestCart.py'])('%s', (file) => expect(isTestFile(file)).toBe(true));
  it.each(['a.ts', 'latest.ts', 'Testimony.ts', 'test.ts', 'contest.py'])('not %s', (file) => expect(isTestFile(file)).toBe(false));
});

describe('exampleTest', () => {
  it('is the nearest in the same language, and never the file itself', () => {
    const known = ['src/a/x.test.ts', 'src/b/y.test.ts', 'src/b/z_test.go'];
    expect(exampleTest('src/b/cart.ts', known)).toBe('src/b/y.test.ts');
    expect(exampleTest('src/b/y.test.ts', known)).toBe('src/a/x.test.ts');
    expect(exampleTest('a.py', known)).toBeUndefined();
  });
});
