// A key that may use everything that inference may. Its secret is shown here and never again.
>> {"jsonrpc":"2.0","id":1,"method":"keys.create","params":{"name":"ci"}}
<< {"jsonrpc":"2.0","id":1,"result":{"object":"key","id":"<string>","name":"ci","secret":"<string>","masked":"<string>","status":"active","models":null,"tools":null,"budgets":[],"limits":{},"labels":{},"created_at":"<string>"}}

// The id may be given by position.
>> {"jsonrpc":"2.0","id":2,"method":"keys.retrieve","params":["key_0000000000000000"]}
<< {"jsonrpc":"2.0","id":2,"error":{"code":1003,"message":"No key has the id \"key_0000000000000000\"","data":{"kind":"key_not_found","retryable":false,"request_id":"<string>","param":"key"}}}

// All that can be set. Times are told in UTC, whatever they came in; a budget says what has become of it.
>> {"jsonrpc":"2.0","id":3,"method":"keys.create","params":{"name":"team","models":["gpt4o","claude-*"],"tools":[],"budgets":[{"usd":50,"period":"month","alert":0.8},{"usd":0.25,"period":"day","reset":"rolling"}],"limits":{"requests_per_minute":60,"tokens_per_minute":null,"concurrency":4},"expires_at":"2999-01-01T02:00:00+02:00","labels":{"team":"build"}}}
<< {"jsonrpc":"2.0","id":3,"result":{"object":"key","id":"<string>","name":"team","secret":"<string>","masked":"<string>","status":"active","models":["gpt4o","claude-*"],"tools":[],"budgets":[{"usd":50,"period":"month","reset":"calendar","alert":0.8,"spent":0,"held":0,"alerting":false,"resets_at":"<string>"},{"usd":0.25,"period":"day","reset":"rolling","spent":0,"held":0,"alerting":false}],"limits":{"requests_per_minute":60,"concurrency":4},"labels":{"team":"build"},"created_at":"<string>","expires_at":"2999-01-01T00:00:00.000Z"}}

// The newest first, without secrets; one page tells where the next begins.
>> {"jsonrpc":"2.0","id":4,"method":"keys.list","params":{"limit":1}}
<< {"jsonrpc":"2.0","id":4,"result":{"object":"list","data":[{"object":"key","id":"<string>","name":"team","masked":"<string>","status":"active","models":["gpt4o","claude-*"],"tools":[],"budgets":["..."],"limits":{"requests_per_minute":60,"concurrency":4},"labels":{"team":"build"},"created_at":"<string>","expires_at":"2999-01-01T00:00:00.000Z"}],"next_cursor":"<string>"}}

>> {"jsonrpc":"2.0","id":5,"method":"keys.list","params":{"cursor":"key_0000000000000000"}}
<< {"jsonrpc":"2.0","id":5,"error":{"code":-32602,"message":"/cursor: no keys.list has given it","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/cursor"}}}

// A misspelt setting is refused by name, so that no key goes without the budget that it was meant to have.
>> {"jsonrpc":"2.0","id":6,"method":"keys.create","params":{"name":"ci","budget":[{"usd":1,"period":"day"}]}}
<< {"jsonrpc":"2.0","id":6,"error":{"code":-32602,"message":"/budget: is not a known param","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/budget"}}}

>> {"jsonrpc":"2.0","id":7,"method":"keys.create","params":{"name":"ci","expires_at":"2020-01-01T00:00Z"}}
<< {"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"/expires_at: is in the past","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/expires_at"}}}

>> {"jsonrpc":"2.0","id":8,"method":"keys.create","params":{"name":"ci","expires_at":"2999-13-01T00:00Z"}}
<< {"jsonrpc":"2.0","id":8,"error":{"code":-32602,"message":"/expires_at: is no time of the calendar","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/expires_at"}}}

// What is not there can't be changed, rotated or revoked.
>> {"jsonrpc":"2.0","id":10,"method":"keys.update","params":{"key":"key_0000000000000000","name":"new"}}
<< {"jsonrpc":"2.0","id":10,"error":{"code":1003,"message":"<string>","data":{"kind":"key_not_found","retryable":false,"request_id":"<string>","param":"key"}}}
>> {"jsonrpc":"2.0","id":11,"method":"keys.rotate","params":{"key":"key_0000000000000000","grace_s":60}}
<< {"jsonrpc":"2.0","id":11,"error":{"code":1003,"message":"<string>","data":{"kind":"key_not_found","retryable":false,"request_id":"<string>","param":"key"}}}
>> {"jsonrpc":"2.0","id":12,"method":"keys.revoke","params":{"key":"key_0000000000000000"}}
<< {"jsonrpc":"2.0","id":12,"error":{"code":1003,"message":"<string>","data":{"kind":"key_not_found","retryable":false,"request_id":"<string>","param":"key"}}}
