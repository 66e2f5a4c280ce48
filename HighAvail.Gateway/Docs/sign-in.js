// What is asked on this page after a sign-in, is asked with its token. The token is kept in the memory of the page alone.
let token = null

const send = async (input, init) => {
  const request = new Request(input, init)
  const isOwn = new URL(request.url).origin === window.location.origin
  // A token that somebody has pasted is theirs to choose.
  if (isOwn && token && !/^Bearer \S/.test(request.headers.get('Authorization') ?? '')) {
    request.headers.set('Authorization', `Bearer ${token}`)
  }

  const response = await fetch(request)
  const path = new URL(request.url).pathname
  if (isOwn && response.ok && /^\/auth\/(login|refresh)$/.test(path)) {
    token = (await response.clone().json()).accessToken
  } else if (isOwn && response.ok && path === '/auth/logout') {
    token = null
  }

  return response
}

export default { customFetch: send }
