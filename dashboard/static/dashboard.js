// Another person's change appears: the page says so and, unless it has a form, shows it.
const { live, revision } = document.body.dataset
if (live) {
  const events = new EventSource(live)
  events.onmessage = ({ data }) => {
    if (data !== document.body.dataset.revision) show(data)
  }
  addEventListener('pagehide', () => events.close())
}

async function show(revision) {
  document.body.dataset.revision = revision
  const status = document.getElementById('live')
  if (document.querySelector('main form[method=post]')) {
    status.className = 'box warning'
    status.textContent = 'Somebody changed this Worker. You will see what when you review or save.'
    return
  }
  const answer = await fetch(location.href)
  if (!answer.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const main = page.querySelector('main')
  for (const old of [...status.parentNode.children]) if (old !== status && old.tagName !== 'H1') old.remove()
  for (const node of [...main.children]) if (node.id !== 'live' && node.tagName !== 'H1') status.parentNode.append(node)
  status.className = 'box'
  status.textContent = 'Somebody changed this Worker. The page shows the new state.'
}
