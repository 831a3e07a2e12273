// Only what can be called now; what chats comes first.
>> {"jsonrpc":"2.0","id":1,"method":"models.list","params":{"usable":true}}
<< {"jsonrpc":"2.0","id":1,"result":{"object":"list","data":[{"id":"tiny-broker","object":"model","kind":"chat","tier":"free","usable":true,"...":true},"..."]}}

>> {"jsonrpc":"2.0","id":2,"method":"models.retrieve","params":{"model":"gpt4o"}}
<< {"jsonrpc":"2.0","id":2,"result":{"id":"gpt4o","object":"model","usable":false,"...":true}}

>> {"jsonrpc":"2.0","id":3,"method":"models.retrieve","params":{"model":"no-such-model"}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":1201,"message":"No model is called \"no-such-model\"","data":{"kind":"model_not_found","retryable":false,"request_id":"<string>","param":"model"}}}

// Models of every kind have a name.
>> {"jsonrpc":"2.0","id":4,"method":"models.retrieve","params":{"model":"use-lite"}}
<< {"jsonrpc":"2.0","id":4,"result":{"id":"use-lite","object":"model","kind":"embedding","usable":true,"context_window":512,"...":true}}
