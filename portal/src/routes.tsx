import { createBrowserRouter, Navigate, RouterProvider, type RouteObject } from 'react-router';
import { NotFoundPage } from './pages/notFound/NotFoundPage';
import { Crashed } from './shell/Crashed';
import { Shell } from './shell/Shell';
import { Starting } from './session/Starting';

/**
 * Every page: one line each. A page's module exports `Component` and is loaded when somebody goes there.
 *
 * What stands in the navigation is said in `shell/navigation.ts`.
 */
const pages: RouteObject[] = [
  { index: true, element: <Navigate to="/overview" replace /> },
  { path: 'sign-in', element: <Navigate to="/" replace /> },
  { path: 'merchants', lazy: () => import('./pages/merchants/MerchantsPage') },
  { path: 'merchants/:merchantId/:section?', lazy: () => import('./pages/merchant/MerchantPage') },
  { path: 'stores/:storeId', lazy: () => import('./pages/merchant/StoreRedirect') },
  { path: 'stores/:storeId/provisioning', lazy: () => import('./pages/provisioning/ProvisioningPage') },
  { path: 'provisionings/:provisioningId', lazy: () => import('./pages/provisioning/ProvisioningPage') },
  { path: 'overview', lazy: () => import('./pages/overview/OverviewPage') },
  { path: 'provisionings', lazy: () => import('./pages/provisionings/ProvisioningsPage') },
  { path: 'stores', lazy: () => import('./pages/stores/StoresPage') },
  { path: 'themes', lazy: () => import('./pages/themes/ThemesPage') },
  { path: 'plans', lazy: () => import('./pages/plans/PlansPage') },
  { path: 'dead-letters', lazy: () => import('./pages/deadLetters/DeadLettersPage') },
  { path: 'users', lazy: () => import('./pages/users/UsersPage') },
  { path: 'audit-log', lazy: () => import('./pages/auditLog/AuditLogPage') },
  { path: 'trials', lazy: () => import('./pages/trials/TrialsPage') },
  { path: '*', element: <NotFoundPage /> },
];

const router = createBrowserRouter([
  {
    path: '/',
    element: <Shell />,
    errorElement: <Crashed />,
    hydrateFallbackElement: <Starting />,
    children: [{ errorElement: <Crashed />, children: pages }],
  },
]);

export default function Pages() {
  return <RouterProvider router={router} />;
}
