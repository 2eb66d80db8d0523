declare module 'spdy-transport/lib/spdy-transport/protocol/spdy/dictionary.js' {
  /** The text that the header compression of a SPDY version starts from. */
  const dictionary: Record<'2' | '3' | '3.1', Buffer>;
  export default dictionary;
}
