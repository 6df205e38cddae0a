import styles from './Icon.module.css';

/** Drawn on 20 × 20, with lines of 1.6. */
const PATHS = {
  alert: 'M10 6.5v4M10 13.5v.01M10 2.7 1.9 16.6h16.2L10 2.7Z',
  arrowLeft: 'M16 10H4m5-5-5 5 5 5',
  arrowRight: 'M4 10h12m-5-5 5 5-5 5',
  chart: 'M3 17h14M5.5 14V9M10 14V4M14.5 14v-3',
  check: 'm4.5 10.5 3.7 3.7 7.3-8',
  chevronDown: 'm5.5 8 4.5 4.5L14.5 8',
  chevronRight: 'M8 5.5 12.5 10 8 14.5',
  clock: 'M10 5.8V10l2.8 1.8M17.2 10a7.2 7.2 0 1 1-14.4 0 7.2 7.2 0 0 1 14.4 0Z',
  close: 'm5 5 10 10M15 5 5 15',
  copy: 'M7.5 7.5h9v9h-9v-9ZM12.5 7.500V3.500h-9v9h4',
  dash: 'M5.5 10h9',
  dot: 'M10 10h.01',
  external: 'M8 4.500H4.500v11h11V12M11.5 3.500h5v5M16 4l-7 7',
  globe: 'M17.2 10a7.2 7.2 0 1 1-14.4 0 7.2 7.2 0 0 1 14.4 0ZM3 10h14M10 2.800c2.2 2 3.1 4.5 3.1 7.200s-.900 5.2-3.1 7.200c-2.2-2-3.1-4.5-3.1-7.200S7.8 4.8 10 2.800Z',
  info: 'M10 9.200v4.300M10 6.500v.01M17.2 10a7.2 7.2 0 1 1-14.4 0 7.2 7.2 0 0 1 14.4 0Z',
  mail: 'M2.8 4.800h14.400v10.400H2.800V4.800Zm.4.700L10 10.800l6.8-5.3',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  moon: 'M16.8 11.800A7 7 0 0 1 8.2 3.200a7 7 0 1 0 8.6 8.600Z',
  package: 'M3 6.3 10 2.800l7 3.500v7.400l-7 3.5-7-3.500V6.300Zm0 0 7 3.5 7-3.500M10 9.800v7.4',
  palette: 'M10 2.800a7.2 7.2 0 1 0 0 14.400c1.3 0 1.7-.9 1.3-1.8-.6-1.3.2-2.4 1.6-2.400h1.700c1.5 0 2.6-1.2 2.6-3C17.2 5.8 14 2.8 10 2.800ZM6.5 10.500h.01M8 6.800h.01M12.3 6.800h.01',
  plus: 'M10 4v12M4 10h12',
  refresh: 'M16.5 4v4h-4M16 8a6.6 6.6 0 1 0 .5 3.6',
  search: 'm13.2 13.2 3.6 3.600M15 8.900a6.1 6.1 0 1 1-12.2 0 6.1 6.1 0 0 1 12.2 0Z',
  signOut: 'M12 6V3.500H3.500v13H12V14M8 10h9m-3-3 3 3-3 3',
  store: 'M3.3 7.8 4.6 3.500h10.800l1.3 4.300M4.5 9.700v6.800h11V9.700M3.3 7.800a2.2 2.2 0 0 0 4.4.2 2.3 2.3 0 0 0 4.6 0 2.2 2.2 0 0 0 4.4-.2M8.2 16.500v-3.800h3.600v3.8',
  sun: 'M10 1.800v1.600M10 16.600v1.600M1.8 10h1.600M16.6 10h1.600M4.2 4.200l1.1 1.100M14.7 14.700l1.1 1.100M4.2 15.800l1.1-1.100M14.7 5.300l1.1-1.100M13.5 10a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Z',
  tag: 'M3 3.500h6.200l7.6 7.6-5.7 5.700L3.5 9.2 3 3.500ZM6.6 7h.01',
  undo: 'M7.5 4 3.5 8l4 4M3.5 8H12a4.5 4.5 0 0 1 0 9H9',
  users: 'M12.8 16.500c0-2.7-2.2-4.2-4.9-4.200S3 13.8 3 16.500M10.7 6.700a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0ZM13 4.100a2.8 2.8 0 0 1 0 5.200M14.5 12.700c1.6.6 2.6 1.9 2.6 3.8',
  wifiOff: 'm3 3 14 14M10 15.500v.01M7.3 12.700a3.9 3.9 0 0 1 4.5-.8M4.5 9.800a8 8 0 0 1 3-1.800M2 7a11.5 11.5 0 0 1 3-2M15.6 9.800a8 8 0 0 0-3.7-2M18 7a11.7 11.7 0 0 0-8.6-3',
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  name: IconName;
  /** Said to those who cannot see it; without it the picture is decoration. */
  label?: string;
  className?: string;
}

export function Icon({ name, label, className = '' }: IconProps) {
  return (
    <svg
      className={`${styles.icon} ${className}`}
      viewBox="0 0 20 20"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
