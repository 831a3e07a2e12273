// A tool without parameters: no arguments at all, an empty object and an empty input are the same.

=== chat client asks
{
  "messages": [
    { "role": "user", "content": "The time?" },
    {
      "role": "assistant",
      "content": null,
      "tool_calls": [ { "id": "call_0", "type": "function", "function": { "name": "time", "arguments": "{}" } } ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "12:00" },
    { "role": "user", "content": "And now?" }
  ],
  "max_tokens": 100,
  "tools": [
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "tool_choice": { "type": "function", "function": { "name": "time" } },
  "parallel_tool_calls": false
}

=== responses client asks
{
  "input": [
    { "role": "user", "content": "The time?" },
    { "type": "function_call", "call_id": "call_0", "name": "time", "arguments": "{}" },
    { "type": "function_call_output", "call_id": "call_0", "output": "12:00" },
    { "role": "user", "content": "And now?" }
  ],
  "max_output_tokens": 100,
  "tools": [
    {
      "type": "function",
      "name": "time",
      "description": "Tells the time",
      "parameters": { "type": "object", "properties": {} },
      "strict": false
    }
  ],
  "tool_choice": { "type": "function", "name": "time" },
  "parallel_tool_calls": false,
  "store": false
}

=== messages client asks
{
  "messages": [
    { "role": "user", "content": "The time?" },
    { "role": "assistant", "content": [ { "type": "tool_use", "id": "call_0", "name": "time", "input": {} } ] },
    {
      "role": "user",
      "content": [ { "type": "tool_result", "tool_use_id": "call_0", "content": "12:00" }, { "type": "text", "text": "And now?" } ]
    }
  ],
  "max_tokens": 100,
  "tools": [ { "name": "time", "description": "Tells the time", "input_schema": { "type": "object", "properties": {} } } ],
  "tool_choice": { "type": "tool", "name": "time", "disable_parallel_tool_use": true }
}

=== chat vendor answers
200
{
  "id": "chatcmpl-1",
  "object": "chat.completion",
  "created": 1700000000,
  "model": "gpt-up",
  "choices": [
    {
      "index": 0,
      "message": {
        "role": "assistant",
        "content": null,
        "refusal": null,
        "tool_calls": [ { "id": "call_1", "type": "function", "function": { "name": "time", "arguments": "" } } ],
        "annotations": []
      },
      "logprobs": null,
      "finish_reason": "tool_calls"
    }
  ],
  "usage": {
    "prompt_tokens": 20,
    "completion_tokens": 10,
    "total_tokens": 30,
    "prompt_tokens_details": { "cached_tokens": 8, "audio_tokens": 0 },
    "completion_tokens_details": { "reasoning_tokens": 4, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0 }
  },
  "service_tier": "default",
  "system_fingerprint": "fp_1"
}

=== chat vendor streams
data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":null,"refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"time","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}

data: [DONE]

=== responses vendor answers
200
{
  "id": "resp_up",
  "object": "response",
  "created_at": 1700000000,
  "status": "completed",
  "incomplete_details": null,
  "completed_at": 1700000001,
  "background": false,
  "error": null,
  "instructions": null,
  "max_output_tokens": 100,
  "metadata": {},
  "model": "gpt-up",
  "output": [ { "id": "fc_1", "type": "function_call", "status": "completed", "call_id": "call_1", "name": "time", "arguments": "{}" } ],
  "parallel_tool_calls": false,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "service_tier": "default",
  "store": false,
  "temperature": 1,
  "text": { "format": { "type": "text" } },
  "tool_choice": { "type": "function", "name": "time" },
  "tools": [
    {
      "type": "function",
      "name": "time",
      "description": "Tells the time",
      "parameters": { "type": "object", "properties": {} },
      "strict": false
    }
  ],
  "top_p": 1,
  "truncation": "disabled",
  "usage": {
    "input_tokens": 20,
    "input_tokens_details": { "cached_tokens": 8 },
    "output_tokens": 10,
    "output_tokens_details": { "reasoning_tokens": 4 },
    "total_tokens": 30
  },
  "user": null
}

=== responses vendor streams
event: response.created
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.in_progress
data: {"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"fc_1","type":"function_call","status":"in_progress","call_id":"call_1","name":"time","arguments":""}}

event: response.function_call_arguments.delta
data: {"type":"response.function_call_arguments.delta","sequence_number":3,"item_id":"fc_1","output_index":0,"delta":"{}"}

event: response.function_call_arguments.done
data: {"type":"response.function_call_arguments.done","sequence_number":4,"item_id":"fc_1","output_index":0,"name":"time","arguments":"{}"}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":5,"output_index":0,"item":{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"time","arguments":"{}"}}

event: response.completed
data: {"type":"response.completed","sequence_number":6,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"completed","incomplete_details":null,"completed_at":1700000001,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"time","arguments":"{}"}],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30},"user":null}}

=== messages vendor streams
event: message_start
data: {"type":"message_start","message":{"id":"msg_01up","type":"message","role":"assistant","model":"claude-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":1,"service_tier":"standard"}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"time","input":{}}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"output_tokens":10,"output_tokens_details":{"thinking_tokens":4}}}

event: message_stop
data: {"type":"message_stop"}

=== chat over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "The time?" },
    {
      "role": "assistant",
      "content": null,
      "tool_calls": [ { "id": "call_0", "type": "function", "function": { "name": "time", "arguments": "{}" } } ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "12:00" },
    { "role": "user", "content": "And now?" }
  ],
  "max_tokens": 100,
  "tools": [
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "tool_choice": { "type": "function", "function": { "name": "time" } },
  "parallel_tool_calls": false
}

=== chat over chat: answer
200
{
  "id": "chatcmpl-1",
  "object": "chat.completion",
  "created": 1700000000,
  "model": "gpt-up",
  "choices": [
    {
      "index": 0,
      "message": {
        "role": "assistant",
        "content": null,
        "refusal": null,
        "tool_calls": [ { "id": "call_1", "type": "function", "function": { "name": "time", "arguments": "" } } ],
        "annotations": []
      },
      "logprobs": null,
      "finish_reason": "tool_calls"
    }
  ],
  "usage": {
    "prompt_tokens": 20,
    "completion_tokens": 10,
    "total_tokens": 30,
    "prompt_tokens_details": { "cached_tokens": 8, "audio_tokens": 0 },
    "completion_tokens_details": { "reasoning_tokens": 4, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0 },
    "cost": 0.00004
  },
  "service_tier": "default",
  "system_fingerprint": "fp_1"
}

=== chat over chat: stream
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":null,"refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"time","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"cost":0.00004}}
[DONE]

=== chat over responses: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "The time?" },
    {
      "role": "assistant",
      "content": null,
      "tool_calls": [ { "id": "call_0", "type": "function", "function": { "name": "time", "arguments": "{}" } } ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "12:00" },
    { "role": "user", "content": "And now?" }
  ],
  "max_tokens": 100,
  "tools": [
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "tool_choice": { "type": "function", "function": { "name": "time" } },
  "parallel_tool_calls": false
}

=== chat over responses: answer
200
{
  "id": "chatcmpl-1",
  "object": "chat.completion",
  "created": 1700000000,
  "model": "gpt-up",
  "choices": [
    {
      "index": 0,
      "message": {
        "role": "assistant",
        "content": null,
        "refusal": null,
        "tool_calls": [ { "id": "call_1", "type": "function", "function": { "name": "time", "arguments": "" } } ],
        "annotations": []
      },
      "logprobs": null,
      "finish_reason": "tool_calls"
    }
  ],
  "usage": {
    "prompt_tokens": 20,
    "completion_tokens": 10,
    "total_tokens": 30,
    "prompt_tokens_details": { "cached_tokens": 8, "audio_tokens": 0 },
    "completion_tokens_details": { "reasoning_tokens": 4, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0 },
    "cost": 0.00004
  },
  "service_tier": "default",
  "system_fingerprint": "fp_1"
}

=== chat over responses: stream
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":null,"refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"time","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"cost":0.00004}}
[DONE]

=== chat over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 100,
  "stream": true,
  "messages": [
    { "role": "user", "content": [ { "type": "text", "text": "The time?" } ] },
    { "role": "assistant", "content": [ { "type": "tool_use", "id": "call_0", "name": "time", "input": {} } ] },
    {
      "role": "user",
      "content": [ { "type": "tool_result", "tool_use_id": "call_0", "content": "12:00" }, { "type": "text", "text": "And now?" } ]
    }
  ],
  "tools": [ { "name": "time", "description": "Tells the time", "input_schema": { "type": "object", "properties": {} } } ],
  "tool_choice": { "type": "tool", "name": "time", "disable_parallel_tool_use": true }
}

=== chat over messages: answer
200
{
  "id": "msg_01up",
  "object": "chat.completion",
  "created": "~",
  "model": "claude-up",
  "choices": [
    {
      "index": 0,
      "message": {
        "role": "assistant",
        "content": "",
        "tool_calls": [ { "id": "toolu_1", "type": "function", "function": { "name": "time", "arguments": "{}" } } ]
      },
      "finish_reason": "tool_calls"
    }
  ],
  "usage": {
    "prompt_tokens": 20,
    "completion_tokens": 10,
    "total_tokens": 30,
    "prompt_tokens_details": { "cached_tokens": 8, "cache_write_tokens": 0, "cache_write_1h_tokens": 0 },
    "completion_tokens_details": { "reasoning_tokens": 4 },
    "cost": 0.00004
  }
}

=== chat over messages: stream
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"toolu_1","type":"function","function":{"name":"time","arguments":""}}]},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":0,"cache_write_1h_tokens":0},"completion_tokens_details":{"reasoning_tokens":4},"cost":0.00004}}
[DONE]

=== responses over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "The time?" },
    {
      "role": "assistant",
      "content": null,
      "tool_calls": [ { "id": "call_0", "type": "function", "function": { "name": "time", "arguments": "{}" } } ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "12:00" },
    { "role": "user", "content": "And now?" }
  ],
  "tools": [
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} }, "strict": false }
    }
  ],
  "tool_choice": { "type": "function", "function": { "name": "time" } },
  "parallel_tool_calls": false,
  "max_completion_tokens": 100
}

=== responses over chat: answer
200
{
  "id": "resp_~",
  "object": "response",
  "created_at": "~",
  "status": "completed",
  "access_programs": null,
  "background": false,
  "completed_at": "~",
  "error": null,
  "incomplete_details": null,
  "instructions": null,
  "max_output_tokens": 100,
  "metadata": {},
  "model": "gpt-up",
  "output": [ { "id": "fc_~o0", "type": "function_call", "status": "completed", "call_id": "call_1", "name": "time", "arguments": "{}" } ],
  "parallel_tool_calls": false,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "store": false,
  "temperature": null,
  "text": { "format": { "type": "text" } },
  "tool_choice": { "type": "function", "name": "time" },
  "tools": [
    {
      "parameters": { "type": "object", "properties": {} },
      "strict": false,
      "type": "function",
      "name": "time",
      "description": "Tells the time"
    }
  ],
  "top_p": null,
  "truncation": "disabled",
  "usage": {
    "input_tokens": 20,
    "input_tokens_details": { "cached_tokens": 8, "cache_write_tokens": 0 },
    "output_tokens": 10,
    "output_tokens_details": { "reasoning_tokens": 4 },
    "total_tokens": 30,
    "cost": 0.00004
  },
  "user": null
}

=== responses over chat: stream
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"fc_~o0","type":"function_call","status":"in_progress","call_id":"call_1","name":"time","arguments":""},"sequence_number":2}
{"type":"response.function_call_arguments.delta","item_id":"fc_~o0","output_index":0,"delta":"{}","sequence_number":3}
{"type":"response.function_call_arguments.done","item_id":"fc_~o0","output_index":0,"name":"time","arguments":"{}","sequence_number":4}
{"type":"response.output_item.done","output_index":0,"item":{"id":"fc_~o0","type":"function_call","status":"completed","call_id":"call_1","name":"time","arguments":"{}"},"sequence_number":5}
{"type":"response.completed","response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","access_programs":null,"background":false,"completed_at":"~","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"fc_~o0","type":"function_call","status":"completed","call_id":"call_1","name":"time","arguments":"{}"}],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null},"sequence_number":6}

=== responses over responses: request
/v1/responses
{
  "model": "gpt-up",
  "input": [
    { "role": "user", "content": "The time?" },
    { "type": "function_call", "call_id": "call_0", "name": "time", "arguments": "{}" },
    { "type": "function_call_output", "call_id": "call_0", "output": "12:00" },
    { "role": "user", "content": "And now?" }
  ],
  "max_output_tokens": 100,
  "tools": [
    {
      "type": "function",
      "name": "time",
      "description": "Tells the time",
      "parameters": { "type": "object", "properties": {} },
      "strict": false
    }
  ],
  "tool_choice": { "type": "function", "name": "time" },
  "parallel_tool_calls": false,
  "store": false
}

=== responses over responses: answer
200
{
  "id": "resp_~",
  "object": "response",
  "created_at": "~",
  "status": "completed",
  "incomplete_details": null,
  "completed_at": 1700000001,
  "background": false,
  "error": null,
  "instructions": null,
  "max_output_tokens": 100,
  "metadata": {},
  "model": "gpt-up",
  "output": [ { "id": "fc_1", "type": "function_call", "status": "completed", "call_id": "call_1", "name": "time", "arguments": "{}" } ],
  "parallel_tool_calls": false,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "service_tier": "default",
  "store": false,
  "temperature": 1,
  "text": { "format": { "type": "text" } },
  "tool_choice": { "type": "function", "name": "time" },
  "tools": [
    {
      "type": "function",
      "name": "time",
      "description": "Tells the time",
      "parameters": { "type": "object", "properties": {} },
      "strict": false
    }
  ],
  "top_p": 1,
  "truncation": "disabled",
  "usage": {
    "input_tokens": 20,
    "input_tokens_details": { "cached_tokens": 8, "cache_write_tokens": 0 },
    "output_tokens": 10,
    "output_tokens_details": { "reasoning_tokens": 4 },
    "total_tokens": 30,
    "cost": 0.00004
  },
  "user": null
}

=== responses over responses: stream
{"type":"response.created","sequence_number":0,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"fc_1","type":"function_call","status":"in_progress","call_id":"call_1","name":"time","arguments":""}}
{"type":"response.function_call_arguments.delta","sequence_number":3,"item_id":"fc_1","output_index":0,"delta":"{}"}
{"type":"response.function_call_arguments.done","sequence_number":4,"item_id":"fc_1","output_index":0,"name":"time","arguments":"{}"}
{"type":"response.output_item.done","sequence_number":5,"output_index":0,"item":{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"time","arguments":"{}"}}
{"type":"response.completed","sequence_number":6,"response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","incomplete_details":null,"completed_at":1700000001,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"time","arguments":"{}"}],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null}}

=== responses over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 100,
  "stream": true,
  "messages": [
    { "role": "user", "content": [ { "type": "text", "text": "The time?" } ] },
    { "role": "assistant", "content": [ { "type": "tool_use", "id": "call_0", "name": "time", "input": {} } ] },
    {
      "role": "user",
      "content": [ { "type": "tool_result", "tool_use_id": "call_0", "content": "12:00" }, { "type": "text", "text": "And now?" } ]
    }
  ],
  "tools": [ { "name": "time", "description": "Tells the time", "input_schema": { "type": "object", "properties": {} } } ],
  "tool_choice": { "type": "tool", "name": "time", "disable_parallel_tool_use": true }
}

=== responses over messages: answer
200
{
  "id": "resp_~",
  "object": "response",
  "created_at": "~",
  "status": "completed",
  "access_programs": null,
  "background": false,
  "completed_at": "~",
  "error": null,
  "incomplete_details": null,
  "instructions": null,
  "max_output_tokens": 100,
  "metadata": {},
  "model": "claude-up",
  "output": [ { "id": "fc_~o0", "type": "function_call", "status": "completed", "call_id": "toolu_1", "name": "time", "arguments": "{}" } ],
  "parallel_tool_calls": false,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "store": false,
  "temperature": null,
  "text": { "format": { "type": "text" } },
  "tool_choice": { "type": "function", "name": "time" },
  "tools": [
    {
      "parameters": { "type": "object", "properties": {} },
      "strict": false,
      "type": "function",
      "name": "time",
      "description": "Tells the time"
    }
  ],
  "top_p": null,
  "truncation": "disabled",
  "usage": {
    "input_tokens": 20,
    "input_tokens_details": { "cached_tokens": 8, "cache_write_tokens": 0 },
    "output_tokens": 10,
    "output_tokens_details": { "reasoning_tokens": 4 },
    "total_tokens": 30,
    "cost": 0.00004
  },
  "user": null
}

=== responses over messages: stream
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"fc_~o0","type":"function_call","status":"in_progress","call_id":"toolu_1","name":"time","arguments":""},"sequence_number":2}
{"type":"response.function_call_arguments.delta","item_id":"fc_~o0","output_index":0,"delta":"{}","sequence_number":3}
{"type":"response.function_call_arguments.done","item_id":"fc_~o0","output_index":0,"name":"time","arguments":"{}","sequence_number":4}
{"type":"response.output_item.done","output_index":0,"item":{"id":"fc_~o0","type":"function_call","status":"completed","call_id":"toolu_1","name":"time","arguments":"{}"},"sequence_number":5}
{"type":"response.completed","response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","access_programs":null,"background":false,"completed_at":"~","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[{"id":"fc_~o0","type":"function_call","status":"completed","call_id":"toolu_1","name":"time","arguments":"{}"}],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"time"},"tools":[{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null},"sequence_number":6}

=== messages over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "The time?" },
    {
      "role": "assistant",
      "content": null,
      "tool_calls": [ { "id": "call_0", "type": "function", "function": { "name": "time", "arguments": "{}" } } ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "12:00" },
    { "role": "user", "content": "And now?" }
  ],
  "tools": [
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "parallel_tool_calls": false,
  "tool_choice": { "type": "function", "function": { "name": "time" } },
  "max_completion_tokens": 100
}

=== messages over chat: answer
200
{
  "id": "msg_chatcmpl-1",
  "type": "message",
  "role": "assistant",
  "model": "gpt-up",
  "content": [ { "type": "tool_use", "id": "call_1", "name": "time", "input": {} } ],
  "stop_reason": "tool_use",
  "stop_sequence": null,
  "stop_details": null,
  "usage": {
    "input_tokens": 12,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 8,
    "output_tokens": 10,
    "output_tokens_details": { "thinking_tokens": 4 },
    "cost": 0.00004
  }
}

=== messages over chat: stream
{"type":"message_start","message":{"id":"msg_chatcmpl-1","type":"message","role":"assistant","model":"gpt-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":0,"output_tokens":0}}}
{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"call_1","name":"time","input":{}}}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}

=== messages over responses: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "The time?" },
    {
      "role": "assistant",
      "content": null,
      "tool_calls": [ { "id": "call_0", "type": "function", "function": { "name": "time", "arguments": "{}" } } ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "12:00" },
    { "role": "user", "content": "And now?" }
  ],
  "tools": [
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "parallel_tool_calls": false,
  "tool_choice": { "type": "function", "function": { "name": "time" } },
  "max_completion_tokens": 100
}

=== messages over responses: answer
200
{
  "id": "msg_chatcmpl-1",
  "type": "message",
  "role": "assistant",
  "model": "gpt-up",
  "content": [ { "type": "tool_use", "id": "call_1", "name": "time", "input": {} } ],
  "stop_reason": "tool_use",
  "stop_sequence": null,
  "stop_details": null,
  "usage": {
    "input_tokens": 12,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 8,
    "output_tokens": 10,
    "output_tokens_details": { "thinking_tokens": 4 },
    "cost": 0.00004
  }
}

=== messages over responses: stream
{"type":"message_start","message":{"id":"msg_chatcmpl-1","type":"message","role":"assistant","model":"gpt-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":0,"output_tokens":0}}}
{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"call_1","name":"time","input":{}}}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}

=== messages over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "messages": [
    { "role": "user", "content": "The time?" },
    { "role": "assistant", "content": [ { "type": "tool_use", "id": "call_0", "name": "time", "input": {} } ] },
    {
      "role": "user",
      "content": [ { "type": "tool_result", "tool_use_id": "call_0", "content": "12:00" }, { "type": "text", "text": "And now?" } ]
    }
  ],
  "max_tokens": 100,
  "tools": [ { "name": "time", "description": "Tells the time", "input_schema": { "type": "object", "properties": {} } } ],
  "tool_choice": { "type": "tool", "name": "time", "disable_parallel_tool_use": true },
  "stream": true
}

=== messages over messages: answer
200
{
  "id": "msg_01up",
  "type": "message",
  "role": "assistant",
  "model": "claude-up",
  "content": [ { "type": "tool_use", "id": "toolu_1", "name": "time", "input": {} } ],
  "stop_reason": "tool_use",
  "stop_sequence": null,
  "stop_details": null,
  "usage": {
    "input_tokens": 12,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 8,
    "output_tokens": 10,
    "service_tier": "standard",
    "output_tokens_details": { "thinking_tokens": 4 },
    "cost": 0.00004
  }
}

=== messages over messages: stream
{"type":"message_start","message":{"id":"msg_01up","type":"message","role":"assistant","model":"claude-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":1,"service_tier":"standard"}}}
{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"time","input":{}}}
{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"service_tier":"standard","output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}
