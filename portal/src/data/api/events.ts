/** Server-sent events over `fetch`: EventSource can send no `Authorization` header. */

export interface ServerEvent {
  event: string;
  id: string;
  data: string;
}

/** Cuts a stream of text into events, by the HTML standard's rules ("event stream interpretation"). */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id = '';

  /** The events that are complete with this piece. A comment (a heartbeat) makes none. */
  push(piece: string): ServerEvent[] {
    const found: ServerEvent[] = [];
    this.rest += piece;
    // A CR at the very end may be the first half of a CRLF.
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.line(line);
      if (event) found.push(event);
    }
    return found;
  }

  private line(line: string): ServerEvent | null {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return null;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.event = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }

  private dispatch(): ServerEvent | null {
    const [event, data] = [this.event || 'message', this.data];
    this.event = '';
    this.data = [];
    return data.length === 0 ? null : { event, id: this.id, data: data.join('\n') };
  }
}
