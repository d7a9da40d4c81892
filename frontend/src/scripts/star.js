// The star to tap. Its radio buttons are the truth: taps set them, and the star is redrawn from
// them. Works on any form marked data-star; without this script the buttons stand by themselves.
const PAUSE = 800;

class Star {
  constructor(form) {
    this.form = form;
    this.board = form.querySelector(".star--board");
    this.steps = [...this.board.querySelectorAll(".star__step")];
    this.areas = [...form.querySelectorAll("details[data-area]")];
    this.redraw();
    this.stepThrough();
    this.board.addEventListener("click", (event) => this.tapped(event));
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("input", () => this.draftSoon());
    // A draft that is kept after the reading was recorded would come back as if it were not.
    form.addEventListener("submit", () => {
      this.isSent = true;
      clearTimeout(this.timer);
    });
    for (const area of this.areas) {
      area.addEventListener("keydown", (event) => this.typed(event, area));
      area.addEventListener("click", (event) => this.clicked(event, area));
    }
  }

  chosen(area) {
    return area.querySelector("input[type=radio]:checked");
  }

  // One area is open at a time; those with a fault are all open, so that each can be seen.
  stepThrough() {
    const faulty = this.areas.filter((area) => area.querySelector(".govuk-form-group--error"));
    const first = this.areas.find((area) => !this.chosen(area));
    for (const area of this.areas) area.open = faulty.length ? faulty.includes(area) : area === first;
  }

  show(wanted) {
    for (const area of this.areas) area.open = area === wanted;
  }

  redraw() {
    const points = this.areas.map((area) => {
      const radio = this.chosen(area);
      const step = radio?.dataset.step ?? "";
      area.querySelector("[data-now]").textContent = step;
      const own = this.steps.filter((mark) => mark.dataset.area === area.dataset.area);
      let point = null;
      for (const mark of own) {
        const isOn = mark.dataset.value === step;
        mark.classList.toggle("star__step--on", isOn);
        mark.setAttribute("r", isOn ? 9 : 4.5);
        if (isOn) point = `${mark.getAttribute("cx")} ${mark.getAttribute("cy")}`;
      }
      return point;
    });
    const shape = this.board.querySelector(".star__shape");
    const isWhole = points.every((point) => point);
    const edges = points.map((point, i) => [point, points[(i + 1) % points.length]]).filter(([a, b]) => a && b);
    shape.setAttribute("d", isWhole ? `M${points.join("L")}Z` : edges.map(([a, b]) => `M${a}L${b}`).join(""));
    shape.classList.toggle("star__shape--whole", isWhole);
  }

  choose(radio) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }

  changed(event) {
    const area = event.target.closest("details[data-area]");
    if (!area || event.target.type !== "radio") return;
    this.redraw();
    const name = area.querySelector(".area__name").textContent;
    const label = this.form.querySelector(`label[for="${event.target.id}"]`).textContent;
    this.form.querySelector("[data-meaning]").textContent = `${name}: ${label.trim()}`;
    this.draftSoon();
  }

  // The nearest step to the finger: on a phone the marks themselves are too small to hit.
  tapped(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.board.getScreenCTM().inverse());
    const away = (mark) => Math.hypot(mark.getAttribute("cx") - x, mark.getAttribute("cy") - y);
    const named = event.target.closest(".star__name");
    const nearest = this.steps.reduce((best, mark) => (away(mark) < away(best) ? mark : best));
    const area = this.areas.find((each) => each.dataset.area === (named ?? nearest).dataset.area);
    this.show(area);
    if (!named) this.choose(area.querySelector(`input[data-step="${nearest.dataset.value}"]`));
  }

  // Digits choose and go on; 0 is 10. Only where the focus is in an area, and not while writing.
  typed(event, area) {
    const isWriting = event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (isWriting || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) return;
    const radio = area.querySelector(`input[data-step="${event.key === "0" ? 10 : event.key}"]`);
    if (!radio) return;
    event.preventDefault();
    this.choose(radio);
    this.goOn(area, true);
  }

  // A pointer's click (detail is not 0) goes on as well; the arrow keys click too, and must not.
  clicked(event, area) {
    if (event.target.matches("input[type=radio]") && event.pointerType) this.goOn(area, false);
  }

  goOn(area, byKeyboard) {
    const next = this.areas[this.areas.indexOf(area) + 1];
    if (next) this.show(next);
    if (byKeyboard) {
      const place = next ?? this.form.querySelector(".reading__about");
      (place.querySelector("input[type=radio]:checked") ?? place.querySelector("input[type=radio]")).focus();
    }
    (next ?? area).scrollIntoView({ block: "nearest" });
  }

  draftSoon() {
    if (!this.form.dataset.draft || this.isSent) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepDraft(), PAUSE);
  }

  async keepDraft() {
    const said = this.form.querySelector("[data-saved]");
    try {
      const reply = await fetch(this.form.dataset.draft, { method: "POST", body: new FormData(this.form) });
      if (!reply.ok || reply.redirected) throw new Error("not kept");
      said.textContent = (await reply.json()).saved;
    } catch {
      said.textContent = this.form.dataset.unsaved;
    }
  }
}

export const startStars = () => {
  for (const form of document.querySelectorAll("form[data-star]")) new Star(form);
};
