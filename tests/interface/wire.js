// HTTP/1.1 by hand, for requests that no HTTP library would send: bytes out, answers in.
import { connect } from 'node:net';

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Map<string, string[]>} headers by lower-case name
 * @property {Buffer} body of a stream what had come by then
 */

/** Some bytes of a request, for messages. @param {Buffer} bytes */
export const shown = (bytes) => JSON.stringify(bytes.subarray(0, 2000).toString('latin1'));

/** @param {Answer} answer @param {string} name */
export const header = (answer, name) => answer.headers.get(name)?.join(', ');

/** @param {Answer} answer */
export const saysClose = (answer) => header(answer, 'connection')?.toLowerCase() === 'close';

/** @param {string} text the head without its last empty line @returns {Answer} */
function parseHead(text) {
  const [first, ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.1 ([1-5][0-9][0-9]) [ -~]*$/.exec(first);
  if (!status) throw new Error(`no status line: ${JSON.stringify(first)}`);
  const headers = new Map();
  for (const line of lines) {
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t -~\x80-\xff]*)$/.exec(line);
    if (!field) throw new Error(`no header field: ${JSON.stringify(line)}`);
    const name = field[1].toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), field[2]]);
  }
  return { status: Number(status[1]), headers, body: Buffer.alloc(0) };
}

/** The chunks at `from`, as far as they are there. @param {Buffer} bytes @param {number} from */
function readChunks(bytes, from) {
  const parts = [];
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return { body: Buffer.concat(parts), end: undefined };
    const line = bytes.toString('latin1', at, lineEnd);
    if (!/^[0-9a-fA-F]{1,8}$/.test(line)) throw new Error(`no chunk size: ${JSON.stringify(line)}`);
    const size = parseInt(line, 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return { body: Buffer.concat(parts), end: undefined };
    if (size === 0) return { body: Buffer.concat(parts), end };
    parts.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}

/**
 * The answer that begins at `from`; nothing when it is not whole yet.
 * @param {Buffer} bytes @param {number} from @param {string} method
 * @returns {{answer: Answer, end: number, streams?: boolean} | undefined}
 */
function readAnswer(bytes, from, method) {
  const headEnd = bytes.indexOf('\r\n\r\n', from);
  if (headEnd < 0) return undefined;
  const answer = parseHead(bytes.toString('latin1', from, headEnd));
  const begin = headEnd + 4;
  if (answer.status < 200 || answer.status === 204 || answer.status === 304 || method === 'HEAD') {
    return { answer, end: begin };
  }
  if (header(answer, 'transfer-encoding') === 'chunked') {
    const { body, end } = readChunks(bytes, begin);
    answer.body = body;
    if (end !== undefined) return { answer, end };
    if (header(answer, 'content-type') !== 'text/event-stream' || body.length === 0) return undefined;
    return { answer, end: bytes.length, streams: true };
  }
  const length = header(answer, 'content-length');
  if (length === undefined && header(answer, 'content-type') === 'text/event-stream') {
    answer.body = bytes.subarray(begin); // HTTP/1.0: until the connection ends
    return answer.body.length > 0 ? { answer, end: bytes.length, streams: true } : undefined;
  }
  if (!/^[0-9]+$/.test(length ?? '')) throw new Error(`an answer of ${answer.status} without an end`);
  const end = begin + Number(length);
  if (bytes.length < end) return undefined;
  answer.body = bytes.subarray(begin, end);
  return { answer, end };
}

/**
 * Sends bytes on a connection of its own and collects the answers, interim ones left out: until there is one for each
 * method, one ends the connection, or the server closes it. Of an event stream the first piece is taken.
 * @param {number} port
 * @param {Buffer[]} pieces sent one behind the other
 * @param {{methods: string[], halfClose?: boolean, patience?: number}} options
 * @returns {Promise<{answers: Answer[], closed: boolean}>} `closed`: by the server, without an answer that says so
 */
export function exchange(port, pieces, { methods, halfClose = false, patience = 20_000 }) {
  return new Promise((done, failed) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    /** @type {Answer[]} */
    const answers = [];
    let bytes = Buffer.alloc(0);
    let at = 0;
    const finish = (/** @type {boolean} */ closed) => {
      clearTimeout(timer);
      socket.destroy();
      done({ answers, closed });
    };
    const fail = (/** @type {unknown} */ error) => {
      clearTimeout(timer);
      socket.destroy();
      failed(error);
    };
    const timer = setTimeout(() => fail(new Error(`no answer within ${patience} ms`)), patience);

    socket.on('data', (piece) => {
      bytes = bytes.length > at ? Buffer.concat([bytes.subarray(at), piece]) : piece;
      at = 0;
      try {
        for (;;) {
          const read = readAnswer(bytes, at, methods[answers.length] ?? 'GET');
          if (!read) return;
          at = read.end;
          if (read.answer.status < 200) continue;
          answers.push(read.answer);
          const enough = !halfClose && answers.length === methods.length;
          if (enough || read.streams || saysClose(read.answer)) return finish(false);
        }
      } catch (error) {
        fail(error);
      }
    });
    socket.on('end', () => {
      if (bytes.length > at) return fail(new Error(`the connection ends inside of an answer: ${shown(bytes)}`));
      finish(true);
    });
    socket.on('error', () => finish(true));
    for (const piece of pieces) socket.write(piece);
    if (halfClose) socket.end();
  });
}

/**
 * A request with a correct frame, whatever stands in its fields.
 * @param {{method: string, target: string, version?: string, headers: [string, string][], body?: Buffer,
 *          chunks?: number[]}} request latin1 texts; `chunks`: the sizes in which the body goes, else its length
 */
export function toBytes({ method, target, version = 'HTTP/1.1', headers, body, chunks }) {
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const length = body && !chunks ? `Content-Length: ${body.length}\r\n` : '';
  const coding = body && chunks ? 'Transfer-Encoding: chunked\r\n' : '';
  const head = Buffer.from(`${method} ${target} ${version}\r\n${fields}${length}${coding}\r\n`, 'latin1');
  if (!body) return head;
  return Buffer.concat([head, chunks ? inChunks(body, chunks) : body]);
}

/** @param {Buffer} body @param {number[]} sizes over and over */
function inChunks(body, sizes) {
  const parts = [];
  for (let at = 0, i = 0; at < body.length; ++i) {
    const part = body.subarray(at, at + sizes[i % sizes.length]);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
    at += part.length;
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
