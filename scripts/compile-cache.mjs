// Keeps compiled code, and TypeScript with its types taken off, from one start to the next: `node --import` this. Plain
// JavaScript, for it must run before the first TypeScript file is read.

import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/compile"));
