export { findBanned } from './banned.ts';
export { builtin, lookup } from './builtin.ts';
export { formatMoment, type Moment, parseMoment } from './date.ts';
export { clientShows, paperFields } from './edition.ts';
export { type Code, type Fault, faultText } from './fault.ts';
export {
  type By,
  type Condition,
  type Item,
  isValued,
  itemOf,
  type Language,
  languages,
  type Option,
  optionOf,
  type Template,
  type Type,
  type Values,
} from './form.ts';
export { isMethod, type Method, methods } from './method.ts';
export {
  type Consent,
  checkClientPresentation,
  checkPresentation,
  type Presentation,
  parsePresentation,
  presentationValue,
} from './presentation.ts';
export {
  type Canvas,
  drawing,
  maxPoints,
  maxSignMS,
  maxStrokes,
  type Outline,
  outlineMatches,
  outlineOf,
  parseOutline,
  parseStrokes,
  type Strokes,
} from './strokes.ts';
export { maxItems, maxTemplateBytes, parse, TemplateError } from './template.ts';
export { clientText, text, textHash, ValuesError } from './text.ts';
export { validate } from './validate.ts';
