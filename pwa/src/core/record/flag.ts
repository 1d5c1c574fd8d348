/**
 * What is odd about an accepted record. A flag never takes the record away:
 * evidence is flagged, not refused (docs/protocol.md, section 2).
 */
export type Flag =
  | 'gap' // an earlier seq was missing when it arrived
  | 'fork' // another record has this key and seq
  | 'chain' // prev is not the held record at seq−1
  | 'clock' // the device's clock ran ahead, back or jumped
  | 'late' // received more than 24 h after it was made
  | 'revoked_key' // the key was revoked before
  | 'actor' // the actor is not the key's member
  | 'reassigned' // the case is not assigned to the actor
  | 'unknown_case' // no such case
  | 'case_closed' // the case was closed or voided
  | 'id_reuse' // another record has this id
  | 'unknown_version' // v is not 1
  | 'unknown_kind' // no such kind, or not one of this side's
  | 'schema' // fails its kind's schema
  | 'unknown_template'
  | 'policy' // against the conduct policy
  | 'stray_field' // fields came along that it does not name
  | 'quarantine_released';
