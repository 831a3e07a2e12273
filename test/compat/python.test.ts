// The official Python client, where this machine has Python and the package; a machine without them can't tell.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { startBroker } from "../support/broker.ts";

const missing =
  spawnSync("python3", ["-c", "import openai"]).status !== 0 && "python3 with the package openai is not here";

const PROGRAM = `
import sys
from openai import OpenAI, NotFoundError
client = OpenAI(base_url=sys.argv[1], api_key="not-needed", max_retries=0)
messages = [{"role": "user", "content": "What is the capital of Norway?"}]
answer = client.chat.completions.create(model="tiny-broker", messages=messages, temperature=0)
assert "Oslo" in answer.choices[0].message.content and answer.usage.cost == 0
stream = client.chat.completions.create(model="tiny-broker", messages=messages, temperature=0, stream=True)
assert "Oslo" in "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
assert client.responses.create(model="tiny-broker", input="Hello!").output_text
assert any(model.id == "tiny-broker" for model in client.models.list())
try:
    client.models.retrieve("nope")
    raise SystemExit("it must not be found")
except NotFoundError:
    print("ok")
`;

test("the Python SDK chats, streams, responds, lists and gets typed errors", { skip: missing }, async () => {
  const broker = await startBroker();
  const { stdout } = await promisify(execFile)("python3", ["-c", PROGRAM, `${broker.url}/v1`]);
  assert.equal(stdout.trim(), "ok");
  await broker.stop();
});
