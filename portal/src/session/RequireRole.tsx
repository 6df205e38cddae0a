import type { ComponentType } from 'react';
import { DataGate } from './DataGate';
import { NoRolePage } from './NoRolePage';
import { useSession } from './SessionProvider';
import { SignInPage } from './SignInPage';
import { Starting } from './Starting';

/** Shows the pages to those who may see them, with their data; to all others who they are, or whom to ask. */
export function RequireRole({ pages }: { pages(): Promise<ComponentType> }) {
  const { user } = useSession();
  if (user === undefined) return <Starting />;
  if (user === null) return <SignInPage />;
  if (user.role === null) return <NoRolePage user={user} />;
  return <DataGate key={`${user.uid} ${user.role}`} user={user} pages={pages} />;
}
