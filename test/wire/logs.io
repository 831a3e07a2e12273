// Without a stream it only counts: the log of this broker is silent.
>> {"jsonrpc":"2.0","id":1,"method":"logs.tail","params":{"last":10}}
<< {"jsonrpc":"2.0","id":1,"result":{"lines":0,"dropped":0}}

// A stream ends when its caller ends it, and tells how many lines were sent and missed.
>> {"jsonrpc":"2.0","id":2,"method":"logs.tail","params":{"stream":true,"level":"warn"}}
>> {"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":2}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":1904,"message":"The call was cancelled","data":{"kind":"cancelled","retryable":false,"request_id":"<string>","lines":0,"dropped":0}}}

>> {"jsonrpc":"2.0","id":3,"method":"logs.tail","params":{"level":"loud"}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"<string>","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/level"}}}
