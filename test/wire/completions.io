// A prompt is what a user says; the text is what the model answers.
>> {"jsonrpc":"2.0","id":1,"method":"completions.create","params":{"model":"tiny-broker","temperature":0,"prompt":"Hello!"}}
<< {"jsonrpc":"2.0","id":1,"result":{"id":"<string>","object":"text_completion","created":"<integer>","model":"tiny-broker","choices":[{"index":0,"text":"Hello! How can I help you?","logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":13,"completion_tokens":"<integer>","total_tokens":"<integer>","cost":0,"...":true}}}

// Token ids mean something to one model only.
>> {"jsonrpc":"2.0","id":2,"method":"completions.create","params":{"model":"tiny-broker","prompt":[1,2,3]}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"/prompt: token ids are not supported: send text","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/prompt"}}}
>> {"jsonrpc":"2.0","id":3,"method":"completions.create","params":{"model":"tiny-broker","prompt":"Hello!","suffix":"Bye!"}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"/suffix: is not supported","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/suffix"}}}
