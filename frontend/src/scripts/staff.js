// The component behaviours that staff pages use, and no others.
import { Button, CharacterCount, ErrorSummary, NotificationBanner, ServiceNavigation, SkipLink, Tabs, createAll } from "govuk-frontend";

import { startStars } from "./star.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, CharacterCount, ErrorSummary, NotificationBanner, ServiceNavigation, SkipLink, Tabs]) {
  createAll(component);
}
startStars();
