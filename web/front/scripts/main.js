// Agents' scripts: the open page, at the desk or tried in the editor, and the editor itself.
import { wireKeys } from "./keys.js";
import { atTheDesk } from "./desk.js";
import { Editor } from "./editor.js";

wireKeys();
const editor = document.getElementById("script-editor");
if (editor) new Editor(editor);
else atTheDesk();
