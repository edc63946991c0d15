import js from '@eslint/js';
import rxjsX from 'eslint-plugin-rxjs-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The folders of layers 0-3, where time passes on a `SchedulerLike` only and nothing makes a promise. */
const core = 'src/{protocol,backpressure,scheduling,correlation,server,client,in-process,transports}/**/*.ts';

const rawTime = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'];

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'api']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked, rxjsX.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A switch over a union must name every member or say what happens to the rest.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers and booleans in a message read as intended; objects and undefined do not, and stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `void` in a union is how a handler is allowed to return nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // A type parameter that is written once still tells the reader (and the compiler's inference) something here.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // `type` is needed where a shape must fit an index signature; an interface does not.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // It asks for `!`, which the strict set forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // `() => this.arm()` is shorter than a block and misleads nobody where nothing is expected.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // An element comes back from a queue as what it was put in as; the rule takes the cast for a forgery.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // On the paths of events a loop counts, so that no iterator is made for each.
      '@typescript-eslint/prefer-for-of': 'off',
      // Both forms are used: an index signature for open sets of keys, a record for closed ones.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // An empty function says "nothing happens here" in one token.
      '@typescript-eslint/no-empty-function': 'off',
      // A leading underscore marks a parameter that only stands there for its place.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      // What leaves an object is an Observable: a Subject would let anyone speak in its name.
      'rxjs-x/no-exposed-subjects': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  {
    files: ['src/testing/**/*.ts', 'spec/**/*.ts', 'spec-codex/**/*.ts'],
    // `[...'abc']` makes a marble of each letter.
    rules: { '@typescript-eslint/no-misused-spread': 'off' },
  },
  // The functions in a list have the type of the list; the rule does not see it.
  {
    files: ['src/testing/conformance/*-cases.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  // A program on the command line talks to its user.
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: [core],
    // pull-from.ts and call.ts hand a stream or an answer to `await`: promises are what they are for.
    ignores: ['src/backpressure/pull-from.ts', 'src/client/call.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...rawTime.map((name) => ({ name, message: 'Time passes on a SchedulerLike only.' })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name=/^(Date|performance)$/][property.name='now']",
          message: 'Ask scheduler.now().',
        },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Ask scheduler.now().' },
        { selector: "NewExpression[callee.name='Promise']", message: 'Nothing here makes a promise.' },
        { selector: "MemberExpression[object.name='Promise']", message: 'Nothing here makes a promise.' },
        // A disposer is the one method whose promise the language itself asks for.
        {
          selector:
            ':function[async=true]:not(:matches(MethodDefinition, Property)[computed=true][key.property.name="asyncDispose"] > *)',
          message: 'Nothing here makes a promise.',
        },
        {
          selector:
            'CallExpression[callee.name=/^(first|last)ValueFrom$/]:not(:matches(MethodDefinition, Property)[computed=true][key.property.name="asyncDispose"] *)',
          message: 'Nothing here makes a promise.',
        },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'zod', message: 'Types only: zod would weigh more than all the rest.', allowTypeImports: true },
          ],
          patterns: [{ group: ['node:*'], message: 'The root entry point runs in a browser.' }],
        },
      ],
    },
  },
  {
    files: ['spec/**/*.ts', 'spec-codex/**/*.ts'],
    rules: {
      // A spec reads an element it has just counted, and calls what it knows is there.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Fakes stand in for things that are asynchronous without waiting for anything themselves.
      '@typescript-eslint/require-await': 'off',
      // `expect(spy.method)` reads the method, it does not call it.
      '@typescript-eslint/unbound-method': 'off',
      // Specs feed in what the types forbid, to see it refused.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      // Whatever an application may throw is thrown here, and printed for comparison.
      'rxjs-x/throw-error': 'off',
      'rxjs-x/no-implicit-any-catch': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      // A type spec makes a value only to speak of its type; the compiler finds what is not used at all.
      '@typescript-eslint/no-unused-vars': 'off',
      // Nested subscriptions and shared notifiers are often the very case under test.
      'rxjs-x/no-nested-subscribe': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['scripts/browser/pages/*.js'],
    languageOptions: {
      globals: {
        addEventListener: 'readonly',
        document: 'readonly',
        postMessage: 'readonly',
        self: 'readonly',
        WebSocket: 'readonly',
        Worker: 'readonly',
      },
    },
  },
);
