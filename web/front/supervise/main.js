// Supervisors' pages: the grid of agents, or an agent's day.
import { Tables, carried } from "../shared/tables.js";
import { localTimes } from "../shared/times.js";
import { t } from "../shared/words.js";
import { Agents } from "./agents.js";
import { Listening } from "./listening.js";
import { presenceDialog } from "./presence.js";

const data = carried("supervise-data");
const at = (id) => document.getElementById(id);

localTimes(document);
if (at("agents")) {
  const tables = new Tables("/floor/live", data.state);
  const notice = () => {
    at("offline").hidden = !tables.lost;
    if (tables.lost) at("offline").textContent = t(tables.lost === "refused" ? "floor.refused" : "floor.offline");
    at("away").hidden = !tables.away || Boolean(tables.lost);
  };
  tables.addEventListener("link", notice);
  tables.addEventListener("tick", notice);
  const listening = new Listening(data, tables);
  new Agents(at("agents"), tables, data, listening, data.steer ? presenceDialog() : null);
}
