// Request: a document. Reply: the entries that dotenv.parse gives, in object order.
const dotenv = tools("dotenv");

serve((request, reply) => reply.entries(dotenv.parse(request.rest())));
