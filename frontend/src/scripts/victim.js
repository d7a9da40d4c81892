// Comforts for a phone with scripts on. Without them every page works the same.
// The wording of the spoken hints comes from the page, so that it is in the page's language.
const way = document.links.leave;
const { spoken } = window;

// Leaving: hide at once (the answer from our side may take a second), then go, and leave no entry
// for this page in the history. The address ends our session first and sends the phone on.
const leave = () => {
  document.documentElement.hidden = true;
  document.title = "";
  location.replace(way.href);
};

let presses = 0;
let timer;
let shifted = false;
const forget = () => {
  presses = 0;
  spoken.textContent = "";
};

if (way) {
  way.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  // Shift alone, three times within five seconds of each other. A capital letter does not count.
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift") forget();
    else if (!shifted) {
      presses += 1;
      if (presses > 2) leave();
      else spoken.textContent = way.dataset[`s${presses}`];
      clearTimeout(timer);
      timer = setTimeout(forget, 5e3);
    }
    shifted = event.shiftKey;
  });
}

// A second tap while the first is on its way does nothing; after four seconds it may try again.
let sent = 0;
addEventListener("submit", (event) => {
  if (event.timeStamp - sent < 4e3 && sent) event.preventDefault();
  else sent = event.timeStamp;
});

// The next question comes in reply to a form, without the round of a redirect. So that reload and
// Back ask for that page instead of sending the form again, it is given its own address.
const own = document.forms.question;
if (own) history.replaceState(null, "", own.action);
addEventListener("formdata", (event) => event.formData.set("at-once", ""));

// A page brought back from memory may show what was left; ask for it afresh.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
