import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/data/openapi.ts', 'e2e'] },
  ...tseslint.configs.strict,
  hooks.configs.flat.recommended,
  {
    // What can be lifted into another app knows nothing of this one.
    files: ['src/provisioning/**', 'src/ui/**', 'src/data/**', 'src/texts/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^\\.\\.?/.*(pages|session|shell|config|App|routes)(/|$)', message: 'This folder can be lifted: it imports data, ui and texts only.' }] },
      ],
    },
  },
);
