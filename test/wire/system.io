// Healthy: the embedded model can be called without any key.
>> {"jsonrpc":"2.0","id":1,"method":"system.health"}
<< {"jsonrpc":"2.0","id":1,"result":{"status":"healthy","version":"0.1.0","uptime_s":"<number>","in_flight":0,"models":{"usable":1,"configured":"<integer>"},"agents":{"configured":0}}}

// What each provider lacks is told by the name of its variable.
>> {"jsonrpc":"2.0","id":2,"method":"system.info"}
<< {"jsonrpc":"2.0","id":2,"result":{"version":"0.1.0","providers":[{"name":"openai","dialect":"openai","usable":false,"keys":0,"models":"<integer>","missing":"OPENAI_API_KEY"},"..."],"...":true}}

// A reload of an unchanged file changes nothing.
>> {"jsonrpc":"2.0","id":3,"method":"system.reload"}
<< {"jsonrpc":"2.0","id":3,"result":{"models":"<integer>","added":[],"removed":[],"changed":[]}}

>> {"jsonrpc":"2.0","id":4,"method":"system.metrics","params":{"format":"prometheus"}}
<< {"jsonrpc":"2.0","id":4,"result":{"text":"<string>"}}
