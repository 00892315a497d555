import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { TOKEN_HEADER } from '../wire';

const hashOf = (text: string) => createHash('sha256').update(text).digest();
/** In a time that does not depend on what is in them. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(hashOf(a), hashOf(b));

/** Who may read: all, or those who have the token. */
export class Access {
  /** Of the token: browsers send a cookie to all ports of a host, and a board need not know the port that they reach it by. */
  private readonly cookieName: string;
  /** Tells nobody the token, and is the same after a restart. */
  private readonly cookieValue: string;

  constructor(private readonly token: string | undefined) {
    const madeOf = (what: string) => createHmac('sha256', token ?? '').update(what);
    this.cookieName = `mgh-board-${madeOf('name of the cookie').digest('hex').slice(0, 16)}`;
    this.cookieValue = madeOf('cookie of the board').digest('base64url');
  }

  /**
   * By the board's own header, which counts alone where it is there; else by `Authorization: Bearer`, or the cookie. Another
   * `Authorization` says nothing: it may be for a proxy before the board, or of it.
   */
  isAllowed({ authorization, cookie, [TOKEN_HEADER]: shown }: IncomingHttpHeaders): boolean {
    if (this.token === undefined) return true;
    if (shown !== undefined) return isSame(String(shown), this.token);
    const [, bearer] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
    if (bearer !== undefined && isSame(bearer.trim(), this.token)) return true;
    return (cookie ?? '').split(';').some((each) => {
      const [name, value] = each.trim().split('=', 2);
      return name === this.cookieName && isSame(value ?? '', this.cookieValue);
    });
  }

  /** The `Set-Cookie` for one who has shown the token; undefined where none is needed. */
  cookie(): string | undefined {
    if (this.token === undefined) return undefined;
    return `${this.cookieName}=${this.cookieValue}; Path=/; HttpOnly; SameSite=Strict`;
  }
}
