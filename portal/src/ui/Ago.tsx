import { ago, moment } from './time';

interface AgoProps {
  time: string;
  now?: number;
  className?: string;
}

/** How long ago; the moment itself to whoever points at it, and not before: see `ago`. */
export function Ago({ time, now, className }: AgoProps) {
  return (
    <time
      dateTime={time}
      className={className}
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = moment(time);
      }}
    >
      {ago(time, now)}
    </time>
  );
}
