// Campaigns, trunks, do-not-call: forms that are sent as JSON, and the forecast beside the tuning.
import { localTimes } from "../shared/times.js";
import { watchActions } from "./actions.js";
import { watchForms } from "./forms.js";
import { watchImport } from "./imports.js";
import { showLive } from "./live.js";
import { WhatIf } from "./whatif.js";

const data = JSON.parse(document.getElementById("tuning-data")?.textContent || "{}");

localTimes(document);
watchActions(data.campaign ?? "");
watchForms(data);
if (document.getElementById("tune")) new WhatIf(data);
watchImport(data.campaign ?? "");
if (data.state && document.getElementById("live")) showLive(data);
