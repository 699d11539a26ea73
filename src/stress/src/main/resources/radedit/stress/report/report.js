
const form = document.getElementById('filter');
const cases = Array.from(document.querySelectorAll('#cases article'));
function pick(list, model) {
  const all = list.split(' ').filter(Boolean).map(Number);
  return model === '' ? Math.max(0, ...all) : all[Number(model)];
}
function show() {
  const value = name => form.elements[name] ? form.elements[name].value : '';
  let n = 0;
  for (const c of cases) {
    const model = value('model');
    const hidden = [
      value('role') !== '' ? c.dataset.role !== value('role') : false,
      value('flip') !== '' ? pick(c.dataset.flips, model) !== Number(value('flip')) : false,
      Number(value('change')) > pick(c.dataset.changes, model)
    ];
    c.hidden = hidden.includes(true);
    n += c.hidden ? 0 : 1;
  }
  document.getElementById('shown').textContent = n + ' of the ' + cases.length + ' cases on this page match.';
}
form.hidden = false;
form.addEventListener('input', show);
form.addEventListener('submit', e => e.preventDefault());
