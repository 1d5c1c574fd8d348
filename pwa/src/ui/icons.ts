import arrowRight from 'lucide-static/icons/arrow-right.svg?icon';
import caseIcon from 'lucide-static/icons/briefcase.svg?icon';
import camera from 'lucide-static/icons/camera.svg?icon';
import check from 'lucide-static/icons/check.svg?icon';
import down from 'lucide-static/icons/chevron-down.svg?icon';
import back from 'lucide-static/icons/chevron-left.svg?icon';
import next from 'lucide-static/icons/chevron-right.svg?icon';
import error from 'lucide-static/icons/circle-alert.svg?icon';
import done from 'lucide-static/icons/circle-check.svg?icon';
import help from 'lucide-static/icons/circle-help.svg?icon';
import clock from 'lucide-static/icons/clock.svg?icon';
import upload from 'lucide-static/icons/cloud-upload.svg?icon';
import copy from 'lucide-static/icons/copy.svg?icon';
import door from 'lucide-static/icons/door-open.svg?icon';
import download from 'lucide-static/icons/download.svg?icon';
import more from 'lucide-static/icons/ellipsis-vertical.svg?icon';
import eye from 'lucide-static/icons/eye.svg?icon';
import hide from 'lucide-static/icons/eye-off.svg?icon';
import sign from 'lucide-static/icons/file-pen-line.svg?icon';
import document from 'lucide-static/icons/file-text.svg?icon';
import flag from 'lucide-static/icons/flag.svg?icon';
import torch from 'lucide-static/icons/flashlight.svg?icon';
import home from 'lucide-static/icons/house.svg?icon';
import photo from 'lucide-static/icons/image.svg?icon';
import inbox from 'lucide-static/icons/inbox.svg?icon';
import info from 'lucide-static/icons/info.svg?icon';
import key from 'lucide-static/icons/key-round.svg?icon';
import languages from 'lucide-static/icons/languages.svg?icon';
import link from 'lucide-static/icons/link.svg?icon';
import lock from 'lucide-static/icons/lock.svg?icon';
import unlock from 'lucide-static/icons/lock-open.svg?icon';
import logout from 'lucide-static/icons/log-out.svg?icon';
import map from 'lucide-static/icons/map-pin.svg?icon';
import message from 'lucide-static/icons/message-square.svg?icon';
import item from 'lucide-static/icons/package.svg?icon';
import file from 'lucide-static/icons/paperclip.svg?icon';
import pause from 'lucide-static/icons/pause.svg?icon';
import edit from 'lucide-static/icons/pencil-line.svg?icon';
import phone from 'lucide-static/icons/phone.svg?icon';
import play from 'lucide-static/icons/play.svg?icon';
import plus from 'lucide-static/icons/plus.svg?icon';
import print from 'lucide-static/icons/printer.svg?icon';
import qr from 'lucide-static/icons/qr-code.svg?icon';
import refresh from 'lucide-static/icons/refresh-cw.svg?icon';
import replay from 'lucide-static/icons/rotate-ccw.svg?icon';
import ledger from 'lucide-static/icons/scroll-text.svg?icon';
import search from 'lucide-static/icons/search.svg?icon';
import send from 'lucide-static/icons/send.svg?icon';
import settings from 'lucide-static/icons/settings.svg?icon';
import sealBroken from 'lucide-static/icons/shield-alert.svg?icon';
import seal from 'lucide-static/icons/shield-check.svg?icon';
import device from 'lucide-static/icons/smartphone.svg?icon';
import trash from 'lucide-static/icons/trash-2.svg?icon';
import caution from 'lucide-static/icons/triangle-alert.svg?icon';
import member from 'lucide-static/icons/user.svg?icon';
import members from 'lucide-static/icons/users.svg?icon';
import offline from 'lucide-static/icons/wifi-off.svg?icon';
import close from 'lucide-static/icons/x.svg?icon';

/** The icons of the screens by what they mean; the drawings are Lucide's (ISC). */
export const icons = {
  'arrow-right': arrowRight,
  back,
  camera,
  case: caseIcon,
  caution,
  check,
  clock,
  close,
  copy,
  delete: trash,
  device,
  document,
  done,
  door,
  down,
  download,
  edit,
  error,
  eye,
  file,
  flag,
  help,
  hide,
  home,
  inbox,
  info,
  item,
  key,
  languages,
  ledger,
  link,
  lock,
  logout,
  map,
  member,
  members,
  message,
  more,
  next,
  offline,
  pause,
  phone,
  photo,
  play,
  plus,
  print,
  qr,
  refresh,
  replay,
  seal,
  'seal-broken': sealBroken,
  search,
  send,
  settings,
  sign,
  torch,
  unlock,
  upload,
} as const;

export type IconName = keyof typeof icons;
