// Two places where the public card library differs from Teams.

let groups = 0;

export function fixLibrary({ ChoiceSetInput, NumberInput }) {
  // Radio buttons are named after their input's id, so two cards on one page
  // with the same id would share one answer. Each set gets its own name.
  const draw = ChoiceSetInput.prototype.internalRender;
  ChoiceSetInput.prototype.internalRender = function render() {
    const drawn = draw.call(this);
    groups += 1;
    drawn?.querySelectorAll("input[type=radio]").forEach((radio) => { radio.name = `choice-${groups}`; });
    return drawn;
  };

  // An empty number that is not required counts as wrong when it has limits.
  const isValid = NumberInput.prototype.isValid;
  NumberInput.prototype.isValid = function valid() {
    if (Number.isNaN(this.value)) return !this.isRequired;
    return isValid.call(this);
  };
}
