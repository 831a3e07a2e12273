// A process that is given its listening sockets as descriptors 3 and 4, as systemd does.

import pino from "pino";
import { createRpcCore } from "../../src/rpc/core.ts";
import { DEFAULT_LIMITS } from "../../src/rpc/limits.ts";
import { createListener } from "../../src/rpc/listener.ts";
import { everybodyIsKnown } from "../support/identify.ts";
import { createHttp, FakeWaist } from "./house.ts";

const core = createRpcCore(new FakeWaist(), DEFAULT_LIMITS, everybodyIsKnown);
const listener = createListener({ http: createHttp(core), core, log: pino({ level: "silent" }) });
const tcp = await listener.listenFd(3);
const unix = await listener.listenFd(4);
console.log(`${typeof tcp === "string" ? tcp : `${tcp.address}:${tcp.port}`} ${unix}`);
