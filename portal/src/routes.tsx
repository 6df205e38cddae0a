import type { ComponentType } from 'react';
import { createBrowserRouter, Navigate, RouterProvider, type RouteObject } from 'react-router';
import { pause } from './data/whenIdle';
import { NotFoundPage } from './pages/notFound/NotFoundPage';
import { Crashed } from './shell/Crashed';
import { Shell } from './shell/Shell';
import { Starting } from './session/Starting';

/** The files of a page are asked for one by one, which is a piece of work of its own. */
function later<Page>(load: () => Promise<Page>) {
  return {
    lazy: async () => {
      await pause();
      return load();
    },
  };
}

/**
 * Every page: one line each. A page's module exports `Component` and is loaded when somebody goes there.
 *
 * What stands in the navigation is said in `shell/navigation.ts`.
 */
const pages: RouteObject[] = [
  { index: true, element: <Navigate to="/overview" replace /> },
  { path: 'sign-in', element: <Navigate to="/" replace /> },
  { path: 'merchants', ...later(() => import('./pages/merchants/MerchantsPage')) },
  { path: 'merchants/:merchantId/:section?', ...later(() => import('./pages/merchant/MerchantPage')) },
  { path: 'stores/:storeId', ...later(() => import('./pages/merchant/StoreRedirect')) },
  { path: 'stores/:storeId/provisioning', ...later(() => import('./pages/provisioning/ProvisioningPage')) },
  { path: 'provisionings/:provisioningId', ...later(() => import('./pages/provisioning/ProvisioningPage')) },
  { path: 'overview', ...later(() => import('./pages/overview/OverviewPage')) },
  { path: 'provisionings', ...later(() => import('./pages/provisionings/ProvisioningsPage')) },
  { path: 'stores', ...later(() => import('./pages/stores/StoresPage')) },
  { path: 'themes', ...later(() => import('./pages/themes/ThemesPage')) },
  { path: 'plans', ...later(() => import('./pages/plans/PlansPage')) },
  { path: 'dead-letters', ...later(() => import('./pages/deadLetters/DeadLettersPage')) },
  { path: 'users', ...later(() => import('./pages/users/UsersPage')) },
  { path: 'audit-log', ...later(() => import('./pages/auditLog/AuditLogPage')) },
  { path: 'trials', ...later(() => import('./pages/trials/TrialsPage')) },
  { path: '*', element: <NotFoundPage /> },
];

let router: ReturnType<typeof createBrowserRouter> | undefined;

/** Begins with the page of the address. Not while this module is read: that is work enough for a phone. */
export function begin(): ComponentType {
  const begun = (router ??= createBrowserRouter([
    {
      path: '/',
      element: <Shell />,
      errorElement: <Crashed />,
      hydrateFallbackElement: <Starting />,
      children: [{ errorElement: <Crashed />, children: pages }],
    },
  ]));
  return function Pages() {
    return <RouterProvider router={begun} />;
  };
}
