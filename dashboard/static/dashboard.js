// Comfort for people with JavaScript. Every page works without it.

// A change by somebody else appears: a page without a form is shown again, one with a form says so.
const { live } = document.body.dataset
const status = document.getElementById('live')
let events

function listen() {
  events?.close()
  if (!live || document.hidden) return // a browser has few connections to a server
  events = new EventSource(live)
  events.onmessage = ({ data }) => {
    if (data !== document.body.dataset.revision) changed(data)
  }
}

async function changed(revision) {
  document.body.dataset.revision = revision
  if (document.querySelector('main form[method=post]')) {
    return say('Somebody changed this Worker. You will see the change before you save; what you entered is kept.')
  }
  if (document.querySelector('main :focus:not(#done)')) {
    return say('Somebody changed this Worker. Reload the page to see the change.')
  }
  const answer = await fetch(location.href)
  if (!answer.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const keep = (node) => node.id === 'live' || node.id === 'done' || node.tagName === 'H1'
  for (const node of [...status.parentNode.children]) if (!keep(node)) node.remove()
  status.parentNode.append(...[...page.querySelector('main').children].filter((node) => !keep(node)))
  say('Somebody changed this Worker. The page shows the new state.')
}

function say(text) {
  status.className = 'box warning'
  status.textContent = text
}

document.addEventListener('visibilitychange', listen)
addEventListener('pagehide', () => events?.close())
addEventListener('pageshow', listen)

// The form for variables always has an empty row at its end.
const form = document.querySelector('form.edit')
form?.addEventListener('input', ({ target }) => {
  const rows = form.querySelectorAll('fieldset:has(input)') // those of new variables
  const last = rows[rows.length - 1]
  if (target.closest('fieldset') !== last || !target.value || target.tagName === 'SELECT') return
  const next = last.cloneNode(true)
  next.id = `row-n${rows.length}`
  for (const field of next.querySelectorAll('input, select, textarea, button')) {
    field.name = field.name.replace(/\d+$/, rows.length)
    field.id = field.id.replace(/\d+$/, rows.length)
    if (field.tagName === 'BUTTON') field.value = `n${rows.length}`
    else if (field.tagName !== 'SELECT') field.value = ''
    field.removeAttribute('autofocus')
  }
  last.after(next)
})

// A slider sets the share of a gradual deployment.
const share = document.getElementById('share')
if (share) {
  const slider = document.createElement('input')
  Object.assign(slider, { type: 'range', min: 0, max: 100, step: 1, value: share.value })
  slider.setAttribute('aria-label', 'Share')
  slider.oninput = () => { share.value = slider.value }
  share.oninput = () => { slider.value = share.value }
  share.after(slider)
}
