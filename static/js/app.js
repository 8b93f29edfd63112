// Action Studio in the browser: starts the modules. Delegation only, no inline handlers, no eval: runs under script-src 'self'.
import {startAutosaveGuard} from './autosave-guard.js';
import {startCopy} from './copy.js';
import {startDirtyGuard} from './dirty-guard.js';
import {startDragRows} from './drag-rows.js';
import {startEditor} from './editor.js';
import {startFields} from './fields.js';
import {startKeepTyping} from './keep-typing.js';
import {startMenus} from './menus.js';
import {startPalette} from './palette.js';
import {startRequests} from './requests.js';
import {startShortcuts} from './shortcuts.js';
import {startSizeLimit} from './size-limit.js';
import {startTheme} from './theme.js';
import {startToasts} from './toasts.js';

startToasts();
startCopy();
startTheme();
startMenus();
startPalette();
startDragRows();
startShortcuts();
startFields();
startKeepTyping();
startAutosaveGuard();
startDirtyGuard();
startRequests();
startSizeLimit();

// Modules that only some pages need. Each is named by the element that needs it.
if (document.querySelector('[data-log]')) {
  import('./log.js').then(log => log.startLog());
}
if (document.querySelector('code-editor')) {
  import('./code-editor.js');
}
if (document.querySelector('[data-tokens]')) {
  import('./tokens.js').then(tokens => tokens.startTokens());
}
if (document.querySelector('form[data-try]')) {
  import('./trying.js').then(trying => trying.startTrying());
}
if (document.querySelector('form[data-spec]')) {
  import('./spec-editor.js').then(spec => spec.startSpecEditor());
}
if (document.querySelector('form[data-editor]')) {
  startEditor(); // not imported late: what is typed at once must be noticed
}
if (document.querySelector('form[data-choose]')) {
  import('./choose.js').then(choose => choose.startChoose(document.querySelector('form[data-choose]')));
}
if (document.querySelector('[data-composer]')) {
  import('./chat.js').then(chat => chat.startChat());
}
