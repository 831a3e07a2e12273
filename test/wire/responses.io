// The embedded demo model answers in the form of OpenAI's Responses too. Nothing is kept where `store` is false.
>> {"jsonrpc":"2.0","id":1,"method":"responses.create","params":{"model":"tiny-broker","temperature":0,"input":"Hello!","store":false}}
<< {"jsonrpc":"2.0","id":1,"result":{"id":"<string>","object":"response","created_at":"<integer>","status":"completed","model":"tiny-broker","output":[{"type":"message","id":"<string>","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello! How can I help you?","annotations":[],"logprobs":[]}]}],"usage":{"input_tokens":13,"output_tokens":"<integer>","total_tokens":"<integer>","cost":0,"...":true},"store":false,"error":null,"...":true}}

// What chat has no words for is refused by its pointer.
>> {"jsonrpc":"2.0","id":2,"method":"responses.create","params":{"model":"tiny-broker","input":"Hello!","tools":[{"type":"web_search"}]}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"/tools/0/type: tools of type web_search are not supported, only functions","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/tools/0/type"}}}
>> {"jsonrpc":"2.0","id":3,"method":"responses.create","params":{"model":"tiny-broker","input":"Hello!","background":true}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"/background: responses in the background are not supported","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/background"}}}

// Unknown, too old, deleted or another's: all the same.
>> {"jsonrpc":"2.0","id":4,"method":"responses.create","params":{"model":"tiny-broker","input":"And?","previous_response_id":"resp_0"}}
<< {"jsonrpc":"2.0","id":4,"error":{"code":1206,"message":"No response has the id \"resp_0\"","data":{"kind":"response_not_found","retryable":false,"request_id":"<string>","param":"previous_response_id"}}}
>> {"jsonrpc":"2.0","id":5,"method":"responses.retrieve","params":{"response_id":"resp_0"}}
<< {"jsonrpc":"2.0","id":5,"error":{"code":1206,"message":"No response has the id \"resp_0\"","data":{"kind":"response_not_found","retryable":false,"request_id":"<string>","param":"response_id"}}}
>> {"jsonrpc":"2.0","id":12,"method":"responses.retrieve","params":{"response_id":"resp_0","stream":true}}
<< {"jsonrpc":"2.0","id":12,"error":{"code":-32602,"message":"<string>","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/stream"}}}
>> {"jsonrpc":"2.0","id":6,"method":"responses.cancel","params":{"response_id":"resp_0"}}
<< {"jsonrpc":"2.0","id":6,"error":{"code":1206,"message":"<string>","data":{"kind":"response_not_found","retryable":false,"request_id":"<string>","param":"response_id"}}}
>> {"jsonrpc":"2.0","id":7,"method":"responses.inputItems.list","params":{"response_id":"resp_0","order":"asc"}}
<< {"jsonrpc":"2.0","id":7,"error":{"code":1206,"message":"<string>","data":{"kind":"response_not_found","retryable":false,"request_id":"<string>","param":"response_id"}}}
>> {"jsonrpc":"2.0","id":8,"method":"responses.delete","params":{"response_id":"resp_0"}}
<< {"jsonrpc":"2.0","id":8,"error":{"code":1206,"message":"<string>","data":{"kind":"response_not_found","retryable":false,"request_id":"<string>","param":"response_id"}}}
