// The owner of the socket is the administrator without saying anything; a foreign key changes nothing.
>> {"jsonrpc":"2.0","id":1,"method":"session.authenticate","params":{"token":"not-needed"}}
<< {"jsonrpc":"2.0","id":1,"result":{"principal":"admin","scopes":["public","inference","admin"]}}

// A key in our own format that nobody made is refused, wherever it comes from.
>> {"jsonrpc":"2.0","id":2,"method":"session.authenticate","params":["sk-ab-0000000000000000000000"]}
<< {"jsonrpc":"2.0","id":2,"error":{"code":1001,"message":"<string>","data":{"kind":"unauthorized","retryable":false,"request_id":"<string>"}}}
