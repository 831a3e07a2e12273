// Without MCP servers there are no tools, resources and prompts; that is no error.
>> {"jsonrpc":"2.0","id":1,"method":"mcp.servers.list"}
<< {"jsonrpc":"2.0","id":1,"result":{"servers":[]}}

>> {"jsonrpc":"2.0","id":2,"method":"mcp.tools.list"}
<< {"jsonrpc":"2.0","id":2,"result":{"tools":[]}}

>> {"jsonrpc":"2.0","id":3,"method":"mcp.resources.list"}
<< {"jsonrpc":"2.0","id":3,"result":{"resources":[],"resourceTemplates":[]}}

>> {"jsonrpc":"2.0","id":4,"method":"mcp.prompts.list"}
<< {"jsonrpc":"2.0","id":4,"result":{"prompts":[]}}

// What is asked for by name has to be there.
>> {"jsonrpc":"2.0","id":5,"method":"mcp.tools.call","params":{"name":"files__read","arguments":{"path":"a"}}}
<< {"jsonrpc":"2.0","id":5,"error":{"code":1401,"message":"No such tool","data":{"kind":"tool_not_found","retryable":false,"request_id":"<string>","param":"/name"}}}

>> {"jsonrpc":"2.0","id":6,"method":"mcp.servers.restart","params":["files"]}
<< {"jsonrpc":"2.0","id":6,"error":{"code":1403,"message":"<string>","data":{"kind":"mcp_server_not_found","retryable":false,"request_id":"<string>"}}}

>> {"jsonrpc":"2.0","id":7,"method":"mcp.resources.read","params":{"uri":"file:///a"}}
<< {"jsonrpc":"2.0","id":7,"error":{"code":1408,"message":"No such resource","data":{"kind":"resource_not_found","retryable":false,"request_id":"<string>","param":"/uri"}}}

>> {"jsonrpc":"2.0","id":8,"method":"mcp.prompts.get","params":{"name":"files__review"}}
<< {"jsonrpc":"2.0","id":8,"error":{"code":1409,"message":"No such prompt","data":{"kind":"prompt_not_found","retryable":false,"request_id":"<string>","param":"/name"}}}

// An unknown param is refused by name: nothing is taken for an argument that is none.
>> {"jsonrpc":"2.0","id":9,"method":"mcp.tools.call","params":{"name":"x","argument":{}}}
<< {"jsonrpc":"2.0","id":9,"error":{"code":-32602,"message":"/argument: is not a known param","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/argument"}}}
