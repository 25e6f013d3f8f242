export default {
  fetch(request, env) {
    return Response.json(Object.keys(env).map((name) => [name, typeof env[name]]));
  },
};
