// The embedded demo model answers without any key.
>> {"jsonrpc":"2.0","id":1,"method":"chat.completions.create","params":{"model":"tiny-broker","temperature":0,"messages":[{"role":"user","content":"Hello!"}]}}
<< {"jsonrpc":"2.0","id":1,"result":{"id":"<string>","object":"chat.completion","created":"<integer>","model":"tiny-broker","choices":[{"index":0,"message":{"role":"assistant","content":"Hello! How can I help you?"},"finish_reason":"stop"}],"usage":{"prompt_tokens":13,"completion_tokens":"<integer>","total_tokens":"<integer>","cost":0,"...":true},"...":true}}

// A model without a key says which variable is missing.
>> {"jsonrpc":"2.0","id":2,"method":"chat.completions.create","params":{"model":"gpt4o","messages":[{"role":"user","content":"Hello!"}]}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":1202,"message":"<string>","data":{"kind":"no_usable_target","retryable":false,"request_id":"<string>","param":"model","missing":["OPENAI_API_KEY","..."]}}}

// One fault, named by its pointer.
>> {"jsonrpc":"2.0","id":3,"method":"chat.completions.create","params":{"model":"auto","messages":[{"role":"user","content":[{"type":"text"}]}]}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"/messages/0/content/0/text: is required","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/messages/0/content/0/text"}}}
