/** What every page gets: its look, htmx, and small behaviours hung on data attributes. */

import "./css/app.css";
import "htmx.org";
import { enableConfirm } from "./pages/confirm";
import { enableCopy } from "./pages/copy";
import { enableHtmx } from "./pages/htmx";
import { enableMenus } from "./pages/menus";
import { enableSaveBars } from "./pages/save-bar";
import { enableSearchKey } from "./pages/search-key";
import { enableTheme } from "./pages/theme";
import { enableTimes } from "./pages/times";

enableTheme();
enableMenus();
enableCopy();
enableConfirm();
enableSaveBars();
enableTimes();
enableHtmx();
enableSearchKey();
