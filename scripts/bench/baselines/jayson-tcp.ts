// Peer: jayson's own tcp server, listening on a Unix socket.

import jayson from "jayson";
import { announce, argument } from "./announce.ts";
import { modelsList } from "./constant.ts";

const methods = {
  "models.list": new jayson.Method((_params: unknown, done: jayson.JSONRPCCallbackTypePlain) => {
    void modelsList().then((result) => done(null, result));
  }),
};
const server = new jayson.Server(methods).tcp();
server.listen(argument(1, "socket path"), () => announce(server));
