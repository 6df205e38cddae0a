import { useRouteError } from 'react-router';
import { Breakdown } from './Breakdown';

/** A page that broke down. */
export function Crashed() {
  return <Breakdown error={useRouteError()} />;
}
