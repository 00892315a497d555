import { useState } from 'preact/hooks';
import { signIn } from './feed';

/** Asks for the token. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const [token, setToken] = useState('');
  const [isRefused, setIsRefused] = useState(false);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (await signIn(token)) onDone();
    else setIsRefused(true);
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void onSubmit(event)}>
        <h1>Migration tasks</h1>
        <label for="token">Token of this board</label>
        <input
          id="token"
          type="password"
          autocomplete="current-password"
          autofocus
          value={token}
          aria-describedby="refused"
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
        <p id="refused" role="alert">
          {isRefused &&
            'The token is wrong, or the board does not answer. It was set with --token or TEMPORAL_MIGRATION_HUB_BOARD_TOKEN when the board started.'}
        </p>
        <button type="submit">Sign in</button>
      </form>
    </main>
  );
}
