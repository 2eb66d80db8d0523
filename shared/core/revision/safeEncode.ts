const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Maps each character to one of 27 that form no words (`rand.SafeEncodeString` of apimachinery). */
export const safeEncode = (text: string): string =>
  [...text].map((character) => ALPHABET[character.charCodeAt(0) % ALPHABET.length]).join('');

/**
 * `length` random characters of the same alphabet, as the API server appends to `generateName`.
 *
 * @param random yields a number in [0, 1)
 */
export const safeRandom = (length: number, random: () => number): string =>
  Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
