import base from './jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...base,
  roots: ['<rootDir>/src', '<rootDir>/spec-codex'],
  testMatch: ['<rootDir>/spec-codex/**/*.spec.ts'],
  // Each spec starts programs; a busy machine may take its time with them.
  testTimeout: 60_000,
};
