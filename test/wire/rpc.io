// The document describes the server; anyone may read it.
>> {"jsonrpc":"2.0","id":1,"method":"rpc.discover"}
<< {"jsonrpc":"2.0","id":1,"result":{"openrpc":"1.3.2","info":{"title":"AI Broker","...":true},"methods":["<any>","..."],"...":true}}

// A method that the document does not show does not exist.
>> {"jsonrpc":"2.0","id":"a","method":"constructor"}
<< {"jsonrpc":"2.0","id":"a","error":{"code":-32601,"message":"No method is called \"constructor\"","data":{"kind":"method_not_found","retryable":false,"request_id":"<string>"}}}

// A param that is not known is refused by its name.
>> {"jsonrpc":"2.0","id":2,"method":"rpc.discover","params":{"form":"openapi"}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"/form: is not a known param","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/form"}}}

// One optional param may come by position.
>> {"jsonrpc":"2.0","id":3,"method":"rpc.discover","params":["openapi"]}
<< {"jsonrpc":"2.0","id":3,"result":{"openapi":"3.1.0","...":true}}
