// The operations view and its wall board.
import { Tables, carried } from "../shared/tables.js";
import { t } from "../shared/words.js";
import { showAlarms } from "./alarms.js";
import { showCampaigns } from "./campaigns.js";
import { Charts } from "./charts.js";
import { showHouse } from "./house.js";
import { showQueues } from "./queues.js";
import { editThresholds } from "./thresholds.js";

const data = carried("floor-data");
const at = (id) => document.getElementById(id);

function watch() {
  const tables = new Tables("/floor/live", data.state);
  const notice = () => {
    at("offline").hidden = !tables.lost;
    at("offline").textContent = t(tables.lost === "refused" ? "floor.refused" : "floor.offline");
    at("away").hidden = !tables.away || Boolean(tables.lost);
  };
  tables.addEventListener("link", notice);
  tables.addEventListener("tick", notice);
  showHouse(tables);
  if (at("campaigns")) showCampaigns(at("campaigns"), tables);
  if (at("queues")) showQueues(at("queues"), tables, data.definitions);
  if (at("alarms")) showAlarms(at("alarms"), tables, { units: data.units, acknowledge: data.acknowledge });
  if (at("charts")) new Charts(at("charts"), tables);
  notice();
}

if (at("thresholds")) editThresholds(at("thresholds"));
else watch();
