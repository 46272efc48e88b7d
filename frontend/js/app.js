/** The one script of every page. Each module listens on the document, so that swapped-in parts work too. */
import "./htmx.js";
import * as arrange from "./arrange.js";
import * as board from "./board.js";
import * as cells from "./cells.js";
import * as code from "./code.js";
import * as columns from "./columns.js";
import * as command from "./command.js";
import * as composer from "./composer.js";
import * as copy from "./copy.js";
import * as dialogs from "./dialogs.js";
import * as drawer from "./drawer.js";
import * as drop from "./drop.js";
import * as kept from "./kept.js";
import * as loading from "./loading.js";
import * as mapping from "./mapping.js";
import * as menus from "./menus.js";
import * as panels from "./panels.js";
import * as passkeys from "./passkeys.js";
import * as password from "./password.js";
import * as preferences from "./preferences.js";
import * as quick from "./quick.js";
import * as repeat from "./repeat.js";
import * as rows from "./rows.js";
import * as selecting from "./selecting.js";
import * as shortcuts from "./shortcuts.js";
import * as signup from "./signup.js";
import * as times from "./times.js";
import * as toasts from "./toasts.js";
import * as unsaved from "./unsaved.js";
import * as waits from "./waits.js";

const modules = [
  arrange, board, cells, code, columns, command, composer, copy, dialogs, drawer, drop, kept, loading, mapping, menus, panels, passkeys, password, preferences,
  quick, repeat, rows, selecting, shortcuts, signup, times, toasts, unsaved, waits,
];
for (const module of modules) module.start();
