import source from '../../../../sync/policy/jp-1.json';
import { utf8 } from '../encoding/text.ts';
import { parse } from './parse.ts';

/** The policy that comes with the product, out of the same file as the server's. */
export const jp1 = parse(utf8(JSON.stringify(source)));
