// The vendor breaks off in the middle of a stream, and answers a whole request with an error.

=== chat client asks
{ "messages": [ { "role": "user", "content": "Count." } ], "max_tokens": 100 }

=== responses client asks
{ "input": "Count.", "max_output_tokens": 100, "store": false }

=== messages client asks
{ "messages": [ { "role": "user", "content": "Count." } ], "max_tokens": 100 }

=== chat vendor answers
503
{ "error": { "message": "The server is overloaded", "type": "server_error", "param": null, "code": null } }

=== chat vendor streams
data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"One, two,"},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"error":{"message":"The server is overloaded","type":"server_error","param":null,"code":null}}

=== responses vendor answers
503
{ "error": { "message": "The server is overloaded", "type": "server_error", "param": null, "code": null } }

=== responses vendor streams
event: response.created
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.in_progress
data: {"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

event: response.content_part.added
data: {"type":"response.content_part.added","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"One, two,","logprobs":[]}

event: response.failed
data: {"type":"response.failed","sequence_number":5,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"failed","incomplete_details":null,"completed_at":null,"background":false,"error":{"code":"server_error","message":"The server is overloaded"},"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

=== messages vendor answers
529
{ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" }, "request_id": "req_up" }

=== messages vendor streams
event: message_start
data: {"type":"message_start","message":{"id":"msg_01up","type":"message","role":"assistant","model":"claude-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":1,"service_tier":"standard"}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One, two,"}}

event: error
data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

=== chat over chat: request
/v1/chat/completions
{ "model": "gpt-up", "messages": [ { "role": "user", "content": "Count." } ], "max_tokens": 100 }

=== chat over chat: answer
502
{
  "error": { "message": "openai: The server is overloaded", "type": "server_error", "param": null, "code": "provider_failed", "request_id": "~" }
}

=== chat over chat: stream
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"One, two,"},"logprobs":null,"finish_reason":null}],"usage":null}
{"error":{"message":"openai: The server is overloaded","type":"server_error","param":null,"code":"provider_failed","request_id":"~","usage":{"prompt_tokens":6,"completion_tokens":4,"total_tokens":10,"cost":0.000014,"estimated":true}}}

=== chat over responses: request
/v1/chat/completions
{ "model": "gpt-up", "messages": [ { "role": "user", "content": "Count." } ], "max_tokens": 100 }

=== chat over responses: answer
502
{
  "error": { "message": "openai: The server is overloaded", "type": "server_error", "param": null, "code": "provider_failed", "request_id": "~" }
}

=== chat over responses: stream
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"One, two,"},"logprobs":null,"finish_reason":null}],"usage":null}
{"error":{"message":"openai: The server is overloaded","type":"server_error","param":null,"code":"provider_failed","request_id":"~","usage":{"prompt_tokens":6,"completion_tokens":4,"total_tokens":10,"cost":0.000014,"estimated":true}}}

=== chat over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 100,
  "stream": true,
  "messages": [ { "role": "user", "content": [ { "type": "text", "text": "Count." } ] } ]
}

=== chat over messages: answer
502
{
  "error": {
    "message": "anthropic: Overloaded",
    "type": "server_error",
    "param": null,
    "code": "provider_failed",
    "request_id": "~",
    "usage": {
      "prompt_tokens": 20,
      "completion_tokens": 4,
      "total_tokens": 24,
      "prompt_tokens_details": { "cached_tokens": 8 },
      "cost": 0.000028,
      "estimated": true
    }
  }
}

=== chat over messages: stream
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"content":"One, two,"},"finish_reason":null}]}
{"error":{"message":"anthropic: Overloaded","type":"server_error","param":null,"code":"provider_failed","request_id":"~","usage":{"prompt_tokens":20,"completion_tokens":4,"total_tokens":24,"prompt_tokens_details":{"cached_tokens":8},"cost":0.000028,"estimated":true}}}

=== responses over chat: request
/v1/chat/completions
{ "model": "gpt-up", "messages": [ { "role": "user", "content": "Count." } ], "max_completion_tokens": 100 }

=== responses over chat: answer
502
{
  "error": { "message": "openai: The server is overloaded", "type": "server_error", "param": null, "code": "provider_failed", "request_id": "~" }
}

=== responses over chat: stream
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"in_progress","role":"assistant","content":[]},"sequence_number":2}
{"type":"response.content_part.added","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]},"sequence_number":3}
{"type":"response.output_text.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":"One, two,","logprobs":[],"sequence_number":4}
{"type":"response.failed","response":{"id":"resp_~","object":"response","created_at":"~","status":"failed","access_programs":null,"background":false,"completed_at":null,"error":{"code":"server_error","message":"openai: The server is overloaded","type":"provider_failed"},"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"msg_~o0","type":"message","status":"in_progress","role":"assistant","content":[{"type":"output_text","text":"One, two,","annotations":[],"logprobs":[]}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":5}
{"type":"error","code":"provider_failed","message":"openai: The server is overloaded","param":null,"sequence_number":6}

=== responses over responses: request
/v1/responses
{ "model": "gpt-up", "input": "Count.", "max_output_tokens": 100, "store": false }

=== responses over responses: answer
502
{
  "error": { "message": "openai: The server is overloaded", "type": "server_error", "param": null, "code": "provider_failed", "request_id": "~" }
}

=== responses over responses: stream
{"type":"response.created","sequence_number":0,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}
{"type":"response.content_part.added","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}
{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"One, two,","logprobs":[]}
{"type":"response.failed","sequence_number":5,"response":{"id":"resp_~","object":"response","created_at":"~","status":"failed","incomplete_details":null,"completed_at":null,"background":false,"error":{"code":"server_error","message":"openai: The server is overloaded","type":"provider_failed"},"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"error","code":"provider_failed","message":"openai: The server is overloaded","param":null,"sequence_number":6}

=== responses over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 100,
  "stream": true,
  "messages": [ { "role": "user", "content": [ { "type": "text", "text": "Count." } ] } ]
}

=== responses over messages: answer
502
{
  "error": {
    "message": "anthropic: Overloaded",
    "type": "server_error",
    "param": null,
    "code": "provider_failed",
    "request_id": "~",
    "usage": {
      "prompt_tokens": 20,
      "completion_tokens": 4,
      "total_tokens": 24,
      "prompt_tokens_details": { "cached_tokens": 8 },
      "cost": 0.000028,
      "estimated": true
    }
  }
}

=== responses over messages: stream
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"in_progress","role":"assistant","content":[]},"sequence_number":2}
{"type":"response.content_part.added","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]},"sequence_number":3}
{"type":"response.output_text.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":"One, two,","logprobs":[],"sequence_number":4}
{"type":"response.failed","response":{"id":"resp_~","object":"response","created_at":"~","status":"failed","access_programs":null,"background":false,"completed_at":null,"error":{"code":"server_error","message":"anthropic: Overloaded","type":"provider_failed"},"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[{"id":"msg_~o0","type":"message","status":"in_progress","role":"assistant","content":[{"type":"output_text","text":"One, two,","annotations":[],"logprobs":[]}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":5}
{"type":"error","code":"provider_failed","message":"anthropic: Overloaded","param":null,"sequence_number":6}

=== messages over chat: request
/v1/chat/completions
{ "model": "gpt-up", "messages": [ { "role": "user", "content": "Count." } ], "max_completion_tokens": 100 }

=== messages over chat: answer
502
{ "type": "error", "error": { "type": "api_error", "message": "openai: The server is overloaded" }, "request_id": "~" }

=== messages over chat: stream
{"type":"message_start","message":{"id":"msg_chatcmpl-1","type":"message","role":"assistant","model":"gpt-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":0,"output_tokens":0}}}
{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One, two,"}}
{"type":"error","error":{"type":"api_error","message":"openai: The server is overloaded","usage":{"prompt_tokens":6,"completion_tokens":4,"total_tokens":10,"cost":0.000014,"estimated":true}},"request_id":"~"}

=== messages over responses: request
/v1/chat/completions
{ "model": "gpt-up", "messages": [ { "role": "user", "content": "Count." } ], "max_completion_tokens": 100 }

=== messages over responses: answer
502
{ "type": "error", "error": { "type": "api_error", "message": "openai: The server is overloaded" }, "request_id": "~" }

=== messages over responses: stream
{"type":"message_start","message":{"id":"msg_chatcmpl-1","type":"message","role":"assistant","model":"gpt-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":0,"output_tokens":0}}}
{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One, two,"}}
{"type":"error","error":{"type":"api_error","message":"openai: The server is overloaded","usage":{"prompt_tokens":6,"completion_tokens":4,"total_tokens":10,"cost":0.000014,"estimated":true}},"request_id":"~"}

=== messages over messages: request
/v1/messages
{ "model": "claude-haiku-4-5", "messages": [ { "role": "user", "content": "Count." } ], "max_tokens": 100, "stream": true }

=== messages over messages: answer
502
{
  "type": "error",
  "error": {
    "type": "api_error",
    "message": "anthropic: Overloaded",
    "usage": {
      "prompt_tokens": 20,
      "completion_tokens": 4,
      "total_tokens": 24,
      "prompt_tokens_details": { "cached_tokens": 8 },
      "cost": 0.000028,
      "estimated": true
    }
  },
  "request_id": "~"
}

=== messages over messages: stream
{"type":"message_start","message":{"id":"msg_01up","type":"message","role":"assistant","model":"claude-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":1,"service_tier":"standard"}}}
{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One, two,"}}
{"type":"error","error":{"type":"api_error","message":"anthropic: Overloaded","usage":{"prompt_tokens":20,"completion_tokens":4,"total_tokens":24,"prompt_tokens_details":{"cached_tokens":8},"cost":0.000028,"estimated":true}},"request_id":"~"}
