// The embedded demo model answers in Anthropic's form too.
>> {"jsonrpc":"2.0","id":1,"method":"messages.create","params":{"model":"tiny-broker","max_tokens":100,"temperature":0,"messages":[{"role":"user","content":"Hello!"}]}}
<< {"jsonrpc":"2.0","id":1,"result":{"id":"<string>","type":"message","role":"assistant","model":"tiny-broker","content":[{"type":"text","text":"Hello! How can I help you?"}],"stop_reason":"end_turn","stop_sequence":null,"stop_details":null,"usage":{"input_tokens":13,"output_tokens":"<integer>","cost":0,"...":true}}}

// A limit that is met is named.
>> {"jsonrpc":"2.0","id":2,"method":"messages.create","params":{"model":"tiny-broker","max_tokens":1,"temperature":0,"messages":[{"role":"user","content":"Hello!"}]}}
<< {"jsonrpc":"2.0","id":2,"result":{"stop_reason":"max_tokens","...":true}}

// Tokens are counted without asking anybody.
>> {"jsonrpc":"2.0","id":3,"method":"messages.countTokens","params":{"model":"tiny-broker","system":"Be brief.","messages":[{"role":"user","content":"Hello!"}]}}
<< {"jsonrpc":"2.0","id":3,"result":{"input_tokens":13}}

// A name that means nothing.
>> {"jsonrpc":"2.0","id":4,"method":"messages.countTokens","params":{"model":"nothing","messages":[{"role":"user","content":"Hello!"}]}}
<< {"jsonrpc":"2.0","id":4,"error":{"code":1201,"message":"No model is called \"nothing\"","data":{"kind":"model_not_found","retryable":false,"request_id":"<string>","param":"model"}}}

// A block that is not whole is told by its place.
>> {"jsonrpc":"2.0","id":5,"method":"messages.create","params":{"model":"tiny-broker","max_tokens":100,"messages":[{"role":"user","content":[{"type":"tool_result"}]}]}}
<< {"jsonrpc":"2.0","id":5,"error":{"code":-32602,"message":"/messages/0/content/0/tool_use_id: must be a string","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/messages/0/content/0/tool_use_id"}}}

// Servers that only Anthropic's own API reaches are not passed over in silence.
>> {"jsonrpc":"2.0","id":6,"method":"messages.create","params":{"model":"tiny-broker","max_tokens":100,"mcp_servers":[{"type":"url","name":"s","url":"https://example.com/mcp"}],"messages":[{"role":"user","content":"Hello!"}]}}
<< {"jsonrpc":"2.0","id":6,"error":{"code":1203,"message":"The model \"tiny-broker\" can't serve this request: embedded reaches no MCP servers by address: name the broker's in `mcp`","data":{"kind":"capability_missing","retryable":false,"request_id":"<string>","param":"mcp_servers"}}}
