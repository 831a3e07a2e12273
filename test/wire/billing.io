// The owner of the socket sees everyone's sums; of days long ago there are none.
>> {"jsonrpc":"2.0","id":1,"method":"billing.usage","params":{"by":"model","from":"2020-01-01","to":"2020-12-31"}}
<< {"jsonrpc":"2.0","id":1,"result":{"by":"model","from":"2020-01-01","to":"2020-12-31","data":[],"total":{"requests":0,"errors":0,"input_tokens":0,"cached_input_tokens":0,"output_tokens":0,"cost":0,"cost_nano_usd":0},"truncated":false}}

// A day that no calendar has.
>> {"jsonrpc":"2.0","id":2,"method":"billing.usage","params":{"from":"2026-02-31"}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"/from: is no day","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/from"}}}

// A call, and what it left: its row, its sum, its line.
>> {"jsonrpc":"2.0","id":3,"method":"chat.completions.create","params":{"model":"tiny-broker","temperature":0,"messages":[{"role":"user","content":"Hello!"}]}}
<< {"jsonrpc":"2.0","id":3,"result":{"object":"chat.completion","...":true}}
>> {"jsonrpc":"2.0","id":4,"method":"billing.requests","params":{"model":"tiny-broker","status":"ok","limit":1}}
<< {"jsonrpc":"2.0","id":4,"result":{"data":[{"id":"<integer>","request_id":"<string>","model":"tiny-broker","model_served":"tiny-broker","provider":"embedded","status":"ok","tokens":{"input":13,"output":"<integer>"},"cost":0,"cost_nano_usd":0,"...":true}],"...":true}}
>> {"jsonrpc":"2.0","id":5,"method":"billing.usage","params":{"by":"provider"}}
<< {"jsonrpc":"2.0","id":5,"result":{"by":"provider","data":[{"value":"embedded","totals":{"requests":"<integer>","cost":0,"...":true}},"..."],"total":{"requests":"<integer>","...":true},"truncated":false}}

// Pages go on from the cursor of the one before, and from nothing else.
>> {"jsonrpc":"2.0","id":6,"method":"billing.requests","params":{"cursor":"page 2"}}
<< {"jsonrpc":"2.0","id":6,"error":{"code":-32602,"message":"/cursor: is not the next_cursor of an answer","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/cursor"}}}

// The export in one piece.
>> {"jsonrpc":"2.0","id":7,"method":"billing.export","params":{"from":"2020-01-01","to":"2020-12-31"}}
<< {"jsonrpc":"2.0","id":7,"result":{"rows":0,"text":"<string>"}}

>> {"jsonrpc":"2.0","id":8,"method":"billing.summary"}
<< {"jsonrpc":"2.0","id":8,"result":{"today":{"requests":"<integer>","...":true},"month":{"requests":"<integer>","...":true},"all":{"requests":"<integer>","...":true},"top_models":[{"value":"tiny-broker","totals":{"requests":"<integer>","...":true}},"..."],"top_keys":[{"value":"","totals":{"requests":"<integer>","...":true}}]}}
