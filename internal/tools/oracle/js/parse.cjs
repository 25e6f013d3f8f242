// Request: a document in base64. Result: the entries that dotenv.parse returns, in object order.
const dotenv = tools("dotenv");

serve((document) => Object.entries(dotenv.parse(bytes(document))));
