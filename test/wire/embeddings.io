// The embedded model for English makes vectors without any key.
>> {"jsonrpc":"2.0","id":1,"method":"embeddings.create","params":{"model":"use-lite","input":["Hello!","Good bye."]}}
<< {"jsonrpc":"2.0","id":1,"result":{"object":"list","data":[{"object":"embedding","index":0,"embedding":["<number>","<number>","..."]},{"object":"embedding","index":1,"embedding":["<number>","..."]}],"model":"use-lite","usage":{"prompt_tokens":"<integer>","total_tokens":"<integer>","cost":0},"...":true}}

// The bytes of float32 in base64, where they are asked for.
>> {"jsonrpc":"2.0","id":2,"method":"embeddings.create","params":{"model":"use-lite","input":"Hello!","encoding_format":"base64"}}
<< {"jsonrpc":"2.0","id":2,"result":{"object":"list","data":[{"object":"embedding","index":0,"embedding":"<string>"}],"model":"use-lite","usage":{"prompt_tokens":"<integer>","total_tokens":"<integer>","cost":0},"...":true}}

// No text, no vector.
>> {"jsonrpc":"2.0","id":3,"method":"embeddings.create","params":{"model":"use-lite","input":["Hello!",""]}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"<string>","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/input/1"}}}

// A model can't have more dimensions than it has.
>> {"jsonrpc":"2.0","id":4,"method":"embeddings.create","params":{"model":"use-lite","input":"Hello!","dimensions":513}}
<< {"jsonrpc":"2.0","id":4,"error":{"code":-32602,"message":"<string>","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/dimensions"}}}

// Tokens belong to a tokenizer, and this model has another one.
>> {"jsonrpc":"2.0","id":5,"method":"embeddings.create","params":{"model":"use-lite","input":[1,2,3]}}
<< {"jsonrpc":"2.0","id":5,"error":{"code":1303,"message":"<string>","data":{"kind":"provider_rejected","retryable":false,"request_id":"<string>","param":"/input","...":true}}}

// Nobody judges or paints where no model for it is configured.
>> {"jsonrpc":"2.0","id":6,"method":"moderations.create","params":{"input":"Hello!"}}
<< {"jsonrpc":"2.0","id":6,"error":{"code":"<integer>","message":"No moderation model is configured","data":{"kind":"model_kind_unavailable","retryable":false,"request_id":"<string>","param":"model"}}}
>> {"jsonrpc":"2.0","id":7,"method":"images.generations.create","params":{"prompt":"A cat"}}
<< {"jsonrpc":"2.0","id":7,"error":{"code":"<integer>","message":"No image model is configured","data":{"kind":"model_kind_unavailable","retryable":false,"request_id":"<string>","param":"model"}}}
