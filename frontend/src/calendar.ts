/** The calendar page: puts its parts together. */

import { hydrate } from "./calendar/page";

hydrate();
