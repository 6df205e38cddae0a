import type { ComponentProps } from 'react';
import { useHref, useLinkClickHandler } from 'react-router';
import { ButtonLink } from '../ui';

/** A way to another page of the portal that looks like a button. */
export function LinkButton({ to, ...rest }: Omit<ComponentProps<typeof ButtonLink>, 'href' | 'onClick'> & { to: string }) {
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(to);
  return <ButtonLink {...rest} href={href} onClick={follow} />;
}
