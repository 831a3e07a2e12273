// Two calls of one turn with both results, said beside text; the answer says something and calls two tools at once.

=== chat client asks
{
  "messages": [
    { "role": "user", "content": "Compare." },
    {
      "role": "assistant",
      "content": "I look at both.",
      "tool_calls": [
        { "id": "call_0", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
        { "id": "call_1", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Rome\"}" } }
      ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "rain" },
    { "role": "tool", "tool_call_id": "call_1", "content": "sun" },
    { "role": "user", "content": "And the others?" }
  ],
  "max_tokens": 100,
  "tools": [
    {
      "type": "function",
      "function": {
        "name": "weather",
        "description": "Tells the weather of a city",
        "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
      }
    },
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "tool_choice": "required",
  "parallel_tool_calls": true
}

=== responses client asks
{
  "input": [
    { "role": "user", "content": "Compare." },
    { "role": "assistant", "content": "I look at both." },
    { "type": "function_call", "call_id": "call_0", "name": "weather", "arguments": "{\"city\":\"Oslo\"}" },
    { "type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{\"city\":\"Rome\"}" },
    { "type": "function_call_output", "call_id": "call_0", "output": "rain" },
    { "type": "function_call_output", "call_id": "call_1", "output": [ { "type": "input_text", "text": "sun" } ] },
    { "role": "user", "content": "And the others?" }
  ],
  "max_output_tokens": 100,
  "tools": [
    {
      "type": "function",
      "name": "weather",
      "description": "Tells the weather of a city",
      "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] },
      "strict": false
    },
    {
      "type": "function",
      "name": "time",
      "description": "Tells the time",
      "parameters": { "type": "object", "properties": {} },
      "strict": false
    }
  ],
  "tool_choice": "required",
  "parallel_tool_calls": true,
  "store": false
}

=== messages client asks
{
  "messages": [
    { "role": "user", "content": "Compare." },
    {
      "role": "assistant",
      "content": [
        { "type": "text", "text": "I look at both." },
        { "type": "tool_use", "id": "call_0", "name": "weather", "input": { "city": "Oslo" } },
        { "type": "tool_use", "id": "call_1", "name": "weather", "input": { "city": "Rome" } }
      ]
    },
    {
      "role": "user",
      "content": [
        { "type": "tool_result", "tool_use_id": "call_0", "content": "rain" },
        { "type": "tool_result", "tool_use_id": "call_1", "content": [ { "type": "text", "text": "sun" } ] },
        { "type": "text", "text": "And the others?" }
      ]
    }
  ],
  "max_tokens": 100,
  "tools": [
    {
      "name": "weather",
      "description": "Tells the weather of a city",
      "input_schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
    },
    { "name": "time", "description": "Tells the time", "input_schema": { "type": "object", "properties": {} } }
  ],
  "tool_choice": { "type": "any" }
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
        "content": "One moment.",
        "refusal": null,
        "tool_calls": [
          { "id": "call_2", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Bergen\"}" } },
          { "id": "call_3", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Paris\"}" } }
        ],
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
data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"One "},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"moment."},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_2","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\""}}]},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":\"Bergen\"}"}}]},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_3","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"city\":\"Paris\"}"}}]},"logprobs":null,"finish_reason":null}],"usage":null}

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
  "output": [
    {
      "id": "msg_1",
      "type": "message",
      "status": "completed",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "One moment.", "annotations": [], "logprobs": [] } ]
    },
    {
      "id": "fc_1",
      "type": "function_call",
      "status": "completed",
      "call_id": "call_2",
      "name": "weather",
      "arguments": "{\"city\":\"Bergen\"}"
    },
    {
      "id": "fc_2",
      "type": "function_call",
      "status": "completed",
      "call_id": "call_3",
      "name": "weather",
      "arguments": "{\"city\":\"Paris\"}"
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "service_tier": "default",
  "store": false,
  "temperature": 1,
  "text": { "format": { "type": "text" } },
  "tool_choice": "required",
  "tools": [
    {
      "type": "function",
      "name": "weather",
      "description": "Tells the weather of a city",
      "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] },
      "strict": false
    },
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
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"type":"function","name":"weather","description":"Tells the weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false},{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.in_progress
data: {"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"type":"function","name":"weather","description":"Tells the weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false},{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

event: response.content_part.added
data: {"type":"response.content_part.added","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"One ","logprobs":[]}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"moment.","logprobs":[]}

event: response.output_text.done
data: {"type":"response.output_text.done","sequence_number":6,"item_id":"msg_1","output_index":0,"content_index":0,"text":"One moment.","logprobs":[]}

event: response.content_part.done
data: {"type":"response.content_part.done","sequence_number":7,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}]}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":9,"output_index":1,"item":{"id":"fc_1","type":"function_call","status":"in_progress","call_id":"call_2","name":"weather","arguments":""}}

event: response.function_call_arguments.delta
data: {"type":"response.function_call_arguments.delta","sequence_number":10,"item_id":"fc_1","output_index":1,"delta":"{\"city\""}

event: response.function_call_arguments.delta
data: {"type":"response.function_call_arguments.delta","sequence_number":11,"item_id":"fc_1","output_index":1,"delta":":\"Bergen\"}"}

event: response.function_call_arguments.done
data: {"type":"response.function_call_arguments.done","sequence_number":12,"item_id":"fc_1","output_index":1,"name":"weather","arguments":"{\"city\":\"Bergen\"}"}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":13,"output_index":1,"item":{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_2","name":"weather","arguments":"{\"city\":\"Bergen\"}"}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":14,"output_index":2,"item":{"id":"fc_2","type":"function_call","status":"in_progress","call_id":"call_3","name":"weather","arguments":""}}

event: response.function_call_arguments.delta
data: {"type":"response.function_call_arguments.delta","sequence_number":15,"item_id":"fc_2","output_index":2,"delta":"{\"city\":\"Paris\"}"}

event: response.function_call_arguments.done
data: {"type":"response.function_call_arguments.done","sequence_number":16,"item_id":"fc_2","output_index":2,"name":"weather","arguments":"{\"city\":\"Paris\"}"}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":17,"output_index":2,"item":{"id":"fc_2","type":"function_call","status":"completed","call_id":"call_3","name":"weather","arguments":"{\"city\":\"Paris\"}"}}

event: response.completed
data: {"type":"response.completed","sequence_number":18,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"completed","incomplete_details":null,"completed_at":1700000001,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}]},{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_2","name":"weather","arguments":"{\"city\":\"Bergen\"}"},{"id":"fc_2","type":"function_call","status":"completed","call_id":"call_3","name":"weather","arguments":"{\"city\":\"Paris\"}"}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"type":"function","name":"weather","description":"Tells the weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false},{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30},"user":null}}

=== messages vendor streams
event: message_start
data: {"type":"message_start","message":{"id":"msg_01up","type":"message","role":"assistant","model":"claude-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":1,"service_tier":"standard"}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One "}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"moment."}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_2","name":"weather","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":":\"Bergen\"}"}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: content_block_start
data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_3","name":"weather","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Paris\"}"}}

event: content_block_stop
data: {"type":"content_block_stop","index":2}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"output_tokens":10,"output_tokens_details":{"thinking_tokens":4}}}

event: message_stop
data: {"type":"message_stop"}

=== chat over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "Compare." },
    {
      "role": "assistant",
      "content": "I look at both.",
      "tool_calls": [
        { "id": "call_0", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
        { "id": "call_1", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Rome\"}" } }
      ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "rain" },
    { "role": "tool", "tool_call_id": "call_1", "content": "sun" },
    { "role": "user", "content": "And the others?" }
  ],
  "max_tokens": 100,
  "tools": [
    {
      "type": "function",
      "function": {
        "name": "weather",
        "description": "Tells the weather of a city",
        "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
      }
    },
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "tool_choice": "required",
  "parallel_tool_calls": true
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
        "content": "One moment.",
        "refusal": null,
        "tool_calls": [
          { "id": "call_2", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Bergen\"}" } },
          { "id": "call_3", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Paris\"}" } }
        ],
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
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"One "},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"moment."},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_2","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\""}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":\"Bergen\"}"}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_3","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"city\":\"Paris\"}"}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"cost":0.00004}}
[DONE]

=== chat over responses: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "Compare." },
    {
      "role": "assistant",
      "content": "I look at both.",
      "tool_calls": [
        { "id": "call_0", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
        { "id": "call_1", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Rome\"}" } }
      ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "rain" },
    { "role": "tool", "tool_call_id": "call_1", "content": "sun" },
    { "role": "user", "content": "And the others?" }
  ],
  "max_tokens": 100,
  "tools": [
    {
      "type": "function",
      "function": {
        "name": "weather",
        "description": "Tells the weather of a city",
        "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
      }
    },
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "tool_choice": "required",
  "parallel_tool_calls": true
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
        "content": "One moment.",
        "refusal": null,
        "tool_calls": [
          { "id": "call_2", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Bergen\"}" } },
          { "id": "call_3", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Paris\"}" } }
        ],
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
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"One "},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"moment."},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_2","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\""}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":\"Bergen\"}"}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_3","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"city\":\"Paris\"}"}}]},"logprobs":null,"finish_reason":null}],"usage":null}
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
    { "role": "user", "content": [ { "type": "text", "text": "Compare." } ] },
    {
      "role": "assistant",
      "content": [
        { "type": "text", "text": "I look at both." },
        { "type": "tool_use", "id": "call_0", "name": "weather", "input": { "city": "Oslo" } },
        { "type": "tool_use", "id": "call_1", "name": "weather", "input": { "city": "Rome" } }
      ]
    },
    {
      "role": "user",
      "content": [
        { "type": "tool_result", "tool_use_id": "call_0", "content": "rain" },
        { "type": "tool_result", "tool_use_id": "call_1", "content": "sun" },
        { "type": "text", "text": "And the others?" }
      ]
    }
  ],
  "tools": [
    {
      "name": "weather",
      "description": "Tells the weather of a city",
      "input_schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
    },
    { "name": "time", "description": "Tells the time", "input_schema": { "type": "object", "properties": {} } }
  ],
  "tool_choice": { "type": "any" }
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
        "content": "One moment.",
        "tool_calls": [
          { "id": "toolu_2", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Bergen\"}" } },
          { "id": "toolu_3", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Paris\"}" } }
        ]
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
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"content":"One "},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"content":"moment."},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"toolu_2","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\""}}]},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":\"Bergen\"}"}}]},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"toolu_3","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"city\":\"Paris\"}"}}]},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":0,"cache_write_1h_tokens":0},"completion_tokens_details":{"reasoning_tokens":4},"cost":0.00004}}
[DONE]

=== responses over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "Compare." },
    {
      "role": "assistant",
      "content": "I look at both.",
      "tool_calls": [
        { "id": "call_0", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
        { "id": "call_1", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Rome\"}" } }
      ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "rain" },
    { "role": "tool", "tool_call_id": "call_1", "content": "sun" },
    { "role": "user", "content": "And the others?" }
  ],
  "tools": [
    {
      "type": "function",
      "function": {
        "name": "weather",
        "description": "Tells the weather of a city",
        "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] },
        "strict": false
      }
    },
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} }, "strict": false }
    }
  ],
  "tool_choice": "required",
  "parallel_tool_calls": true,
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
  "output": [
    {
      "id": "msg_~o0",
      "type": "message",
      "status": "completed",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "One moment.", "annotations": [], "logprobs": [] } ]
    },
    {
      "id": "fc_~o1",
      "type": "function_call",
      "status": "completed",
      "call_id": "call_2",
      "name": "weather",
      "arguments": "{\"city\":\"Bergen\"}"
    },
    {
      "id": "fc_~o2",
      "type": "function_call",
      "status": "completed",
      "call_id": "call_3",
      "name": "weather",
      "arguments": "{\"city\":\"Paris\"}"
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "store": false,
  "temperature": null,
  "text": { "format": { "type": "text" } },
  "tool_choice": "required",
  "tools": [
    {
      "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] },
      "strict": false,
      "type": "function",
      "name": "weather",
      "description": "Tells the weather of a city"
    },
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
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false,"type":"function","name":"weather","description":"Tells the weather of a city"},{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false,"type":"function","name":"weather","description":"Tells the weather of a city"},{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"in_progress","role":"assistant","content":[]},"sequence_number":2}
{"type":"response.content_part.added","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]},"sequence_number":3}
{"type":"response.output_text.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":"One ","logprobs":[],"sequence_number":4}
{"type":"response.output_text.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":"moment.","logprobs":[],"sequence_number":5}
{"type":"response.output_text.done","item_id":"msg_~o0","output_index":0,"content_index":0,"text":"One moment.","logprobs":[],"sequence_number":6}
{"type":"response.content_part.done","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]},"sequence_number":7}
{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}]},"sequence_number":8}
{"type":"response.output_item.added","output_index":1,"item":{"id":"fc_~o1","type":"function_call","status":"in_progress","call_id":"call_2","name":"weather","arguments":""},"sequence_number":9}
{"type":"response.function_call_arguments.delta","item_id":"fc_~o1","output_index":1,"delta":"{\"city\"","sequence_number":10}
{"type":"response.function_call_arguments.delta","item_id":"fc_~o1","output_index":1,"delta":":\"Bergen\"}","sequence_number":11}
{"type":"response.function_call_arguments.done","item_id":"fc_~o1","output_index":1,"name":"weather","arguments":"{\"city\":\"Bergen\"}","sequence_number":12}
{"type":"response.output_item.done","output_index":1,"item":{"id":"fc_~o1","type":"function_call","status":"completed","call_id":"call_2","name":"weather","arguments":"{\"city\":\"Bergen\"}"},"sequence_number":13}
{"type":"response.output_item.added","output_index":2,"item":{"id":"fc_~o2","type":"function_call","status":"in_progress","call_id":"call_3","name":"weather","arguments":""},"sequence_number":14}
{"type":"response.function_call_arguments.delta","item_id":"fc_~o2","output_index":2,"delta":"{\"city\":\"Paris\"}","sequence_number":15}
{"type":"response.function_call_arguments.done","item_id":"fc_~o2","output_index":2,"name":"weather","arguments":"{\"city\":\"Paris\"}","sequence_number":16}
{"type":"response.output_item.done","output_index":2,"item":{"id":"fc_~o2","type":"function_call","status":"completed","call_id":"call_3","name":"weather","arguments":"{\"city\":\"Paris\"}"},"sequence_number":17}
{"type":"response.completed","response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","access_programs":null,"background":false,"completed_at":"~","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"msg_~o0","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}]},{"id":"fc_~o1","type":"function_call","status":"completed","call_id":"call_2","name":"weather","arguments":"{\"city\":\"Bergen\"}"},{"id":"fc_~o2","type":"function_call","status":"completed","call_id":"call_3","name":"weather","arguments":"{\"city\":\"Paris\"}"}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false,"type":"function","name":"weather","description":"Tells the weather of a city"},{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null},"sequence_number":18}

=== responses over responses: request
/v1/responses
{
  "model": "gpt-up",
  "input": [
    { "role": "user", "content": "Compare." },
    { "role": "assistant", "content": "I look at both." },
    { "type": "function_call", "call_id": "call_0", "name": "weather", "arguments": "{\"city\":\"Oslo\"}" },
    { "type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{\"city\":\"Rome\"}" },
    { "type": "function_call_output", "call_id": "call_0", "output": "rain" },
    { "type": "function_call_output", "call_id": "call_1", "output": [ { "type": "input_text", "text": "sun" } ] },
    { "role": "user", "content": "And the others?" }
  ],
  "max_output_tokens": 100,
  "tools": [
    {
      "type": "function",
      "name": "weather",
      "description": "Tells the weather of a city",
      "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] },
      "strict": false
    },
    {
      "type": "function",
      "name": "time",
      "description": "Tells the time",
      "parameters": { "type": "object", "properties": {} },
      "strict": false
    }
  ],
  "tool_choice": "required",
  "parallel_tool_calls": true,
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
  "output": [
    {
      "id": "msg_1",
      "type": "message",
      "status": "completed",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "One moment.", "annotations": [], "logprobs": [] } ]
    },
    {
      "id": "fc_1",
      "type": "function_call",
      "status": "completed",
      "call_id": "call_2",
      "name": "weather",
      "arguments": "{\"city\":\"Bergen\"}"
    },
    {
      "id": "fc_2",
      "type": "function_call",
      "status": "completed",
      "call_id": "call_3",
      "name": "weather",
      "arguments": "{\"city\":\"Paris\"}"
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "service_tier": "default",
  "store": false,
  "temperature": 1,
  "text": { "format": { "type": "text" } },
  "tool_choice": "required",
  "tools": [
    {
      "type": "function",
      "name": "weather",
      "description": "Tells the weather of a city",
      "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] },
      "strict": false
    },
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
{"type":"response.created","sequence_number":0,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"type":"function","name":"weather","description":"Tells the weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false},{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"type":"function","name":"weather","description":"Tells the weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false},{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}
{"type":"response.content_part.added","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}
{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"One ","logprobs":[]}
{"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"moment.","logprobs":[]}
{"type":"response.output_text.done","sequence_number":6,"item_id":"msg_1","output_index":0,"content_index":0,"text":"One moment.","logprobs":[]}
{"type":"response.content_part.done","sequence_number":7,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}}
{"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}]}}
{"type":"response.output_item.added","sequence_number":9,"output_index":1,"item":{"id":"fc_1","type":"function_call","status":"in_progress","call_id":"call_2","name":"weather","arguments":""}}
{"type":"response.function_call_arguments.delta","sequence_number":10,"item_id":"fc_1","output_index":1,"delta":"{\"city\""}
{"type":"response.function_call_arguments.delta","sequence_number":11,"item_id":"fc_1","output_index":1,"delta":":\"Bergen\"}"}
{"type":"response.function_call_arguments.done","sequence_number":12,"item_id":"fc_1","output_index":1,"name":"weather","arguments":"{\"city\":\"Bergen\"}"}
{"type":"response.output_item.done","sequence_number":13,"output_index":1,"item":{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_2","name":"weather","arguments":"{\"city\":\"Bergen\"}"}}
{"type":"response.output_item.added","sequence_number":14,"output_index":2,"item":{"id":"fc_2","type":"function_call","status":"in_progress","call_id":"call_3","name":"weather","arguments":""}}
{"type":"response.function_call_arguments.delta","sequence_number":15,"item_id":"fc_2","output_index":2,"delta":"{\"city\":\"Paris\"}"}
{"type":"response.function_call_arguments.done","sequence_number":16,"item_id":"fc_2","output_index":2,"name":"weather","arguments":"{\"city\":\"Paris\"}"}
{"type":"response.output_item.done","sequence_number":17,"output_index":2,"item":{"id":"fc_2","type":"function_call","status":"completed","call_id":"call_3","name":"weather","arguments":"{\"city\":\"Paris\"}"}}
{"type":"response.completed","sequence_number":18,"response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","incomplete_details":null,"completed_at":1700000001,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}]},{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_2","name":"weather","arguments":"{\"city\":\"Bergen\"}"},{"id":"fc_2","type":"function_call","status":"completed","call_id":"call_3","name":"weather","arguments":"{\"city\":\"Paris\"}"}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"type":"function","name":"weather","description":"Tells the weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false},{"type":"function","name":"time","description":"Tells the time","parameters":{"type":"object","properties":{}},"strict":false}],"top_p":1,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null}}

=== responses over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 100,
  "stream": true,
  "messages": [
    { "role": "user", "content": [ { "type": "text", "text": "Compare." } ] },
    {
      "role": "assistant",
      "content": [
        { "type": "text", "text": "I look at both." },
        { "type": "tool_use", "id": "call_0", "name": "weather", "input": { "city": "Oslo" } },
        { "type": "tool_use", "id": "call_1", "name": "weather", "input": { "city": "Rome" } }
      ]
    },
    {
      "role": "user",
      "content": [
        { "type": "tool_result", "tool_use_id": "call_0", "content": "rain" },
        { "type": "tool_result", "tool_use_id": "call_1", "content": "sun" },
        { "type": "text", "text": "And the others?" }
      ]
    }
  ],
  "tools": [
    {
      "name": "weather",
      "description": "Tells the weather of a city",
      "input_schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
    },
    { "name": "time", "description": "Tells the time", "input_schema": { "type": "object", "properties": {} } }
  ],
  "tool_choice": { "type": "any" }
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
  "output": [
    {
      "id": "msg_~o0",
      "type": "message",
      "status": "completed",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "One moment.", "annotations": [], "logprobs": [] } ]
    },
    {
      "id": "fc_~o1",
      "type": "function_call",
      "status": "completed",
      "call_id": "toolu_2",
      "name": "weather",
      "arguments": "{\"city\":\"Bergen\"}"
    },
    {
      "id": "fc_~o2",
      "type": "function_call",
      "status": "completed",
      "call_id": "toolu_3",
      "name": "weather",
      "arguments": "{\"city\":\"Paris\"}"
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "store": false,
  "temperature": null,
  "text": { "format": { "type": "text" } },
  "tool_choice": "required",
  "tools": [
    {
      "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] },
      "strict": false,
      "type": "function",
      "name": "weather",
      "description": "Tells the weather of a city"
    },
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
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false,"type":"function","name":"weather","description":"Tells the weather of a city"},{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false,"type":"function","name":"weather","description":"Tells the weather of a city"},{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"in_progress","role":"assistant","content":[]},"sequence_number":2}
{"type":"response.content_part.added","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]},"sequence_number":3}
{"type":"response.output_text.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":"One ","logprobs":[],"sequence_number":4}
{"type":"response.output_text.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":"moment.","logprobs":[],"sequence_number":5}
{"type":"response.output_text.done","item_id":"msg_~o0","output_index":0,"content_index":0,"text":"One moment.","logprobs":[],"sequence_number":6}
{"type":"response.content_part.done","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]},"sequence_number":7}
{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}]},"sequence_number":8}
{"type":"response.output_item.added","output_index":1,"item":{"id":"fc_~o1","type":"function_call","status":"in_progress","call_id":"toolu_2","name":"weather","arguments":""},"sequence_number":9}
{"type":"response.function_call_arguments.delta","item_id":"fc_~o1","output_index":1,"delta":"{\"city\"","sequence_number":10}
{"type":"response.function_call_arguments.delta","item_id":"fc_~o1","output_index":1,"delta":":\"Bergen\"}","sequence_number":11}
{"type":"response.function_call_arguments.done","item_id":"fc_~o1","output_index":1,"name":"weather","arguments":"{\"city\":\"Bergen\"}","sequence_number":12}
{"type":"response.output_item.done","output_index":1,"item":{"id":"fc_~o1","type":"function_call","status":"completed","call_id":"toolu_2","name":"weather","arguments":"{\"city\":\"Bergen\"}"},"sequence_number":13}
{"type":"response.output_item.added","output_index":2,"item":{"id":"fc_~o2","type":"function_call","status":"in_progress","call_id":"toolu_3","name":"weather","arguments":""},"sequence_number":14}
{"type":"response.function_call_arguments.delta","item_id":"fc_~o2","output_index":2,"delta":"{\"city\":\"Paris\"}","sequence_number":15}
{"type":"response.function_call_arguments.done","item_id":"fc_~o2","output_index":2,"name":"weather","arguments":"{\"city\":\"Paris\"}","sequence_number":16}
{"type":"response.output_item.done","output_index":2,"item":{"id":"fc_~o2","type":"function_call","status":"completed","call_id":"toolu_3","name":"weather","arguments":"{\"city\":\"Paris\"}"},"sequence_number":17}
{"type":"response.completed","response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","access_programs":null,"background":false,"completed_at":"~","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[{"id":"msg_~o0","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One moment.","annotations":[],"logprobs":[]}]},{"id":"fc_~o1","type":"function_call","status":"completed","call_id":"toolu_2","name":"weather","arguments":"{\"city\":\"Bergen\"}"},{"id":"fc_~o2","type":"function_call","status":"completed","call_id":"toolu_3","name":"weather","arguments":"{\"city\":\"Paris\"}"}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"required","tools":[{"parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":false,"type":"function","name":"weather","description":"Tells the weather of a city"},{"parameters":{"type":"object","properties":{}},"strict":false,"type":"function","name":"time","description":"Tells the time"}],"top_p":null,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null},"sequence_number":18}

=== messages over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "Compare." },
    {
      "role": "assistant",
      "content": "I look at both.",
      "tool_calls": [
        { "id": "call_0", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
        { "id": "call_1", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Rome\"}" } }
      ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "rain" },
    { "role": "tool", "tool_call_id": "call_1", "content": "sun" },
    { "role": "user", "content": "And the others?" }
  ],
  "tools": [
    {
      "type": "function",
      "function": {
        "name": "weather",
        "description": "Tells the weather of a city",
        "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
      }
    },
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "tool_choice": "required",
  "max_completion_tokens": 100
}

=== messages over chat: answer
200
{
  "id": "msg_chatcmpl-1",
  "type": "message",
  "role": "assistant",
  "model": "gpt-up",
  "content": [
    { "type": "text", "text": "One moment." },
    { "type": "tool_use", "id": "call_2", "name": "weather", "input": { "city": "Bergen" } },
    { "type": "tool_use", "id": "call_3", "name": "weather", "input": { "city": "Paris" } }
  ],
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
{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One "}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"moment."}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"call_2","name":"weather","input":{}}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\""}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":":\"Bergen\"}"}}
{"type":"content_block_stop","index":1}
{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"call_3","name":"weather","input":{}}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Paris\"}"}}
{"type":"content_block_stop","index":2}
{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}

=== messages over responses: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "Compare." },
    {
      "role": "assistant",
      "content": "I look at both.",
      "tool_calls": [
        { "id": "call_0", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
        { "id": "call_1", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Rome\"}" } }
      ]
    },
    { "role": "tool", "tool_call_id": "call_0", "content": "rain" },
    { "role": "tool", "tool_call_id": "call_1", "content": "sun" },
    { "role": "user", "content": "And the others?" }
  ],
  "tools": [
    {
      "type": "function",
      "function": {
        "name": "weather",
        "description": "Tells the weather of a city",
        "parameters": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
      }
    },
    {
      "type": "function",
      "function": { "name": "time", "description": "Tells the time", "parameters": { "type": "object", "properties": {} } }
    }
  ],
  "tool_choice": "required",
  "max_completion_tokens": 100
}

=== messages over responses: answer
200
{
  "id": "msg_chatcmpl-1",
  "type": "message",
  "role": "assistant",
  "model": "gpt-up",
  "content": [
    { "type": "text", "text": "One moment." },
    { "type": "tool_use", "id": "call_2", "name": "weather", "input": { "city": "Bergen" } },
    { "type": "tool_use", "id": "call_3", "name": "weather", "input": { "city": "Paris" } }
  ],
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
{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One "}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"moment."}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"call_2","name":"weather","input":{}}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\""}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":":\"Bergen\"}"}}
{"type":"content_block_stop","index":1}
{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"call_3","name":"weather","input":{}}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Paris\"}"}}
{"type":"content_block_stop","index":2}
{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}

=== messages over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "messages": [
    { "role": "user", "content": "Compare." },
    {
      "role": "assistant",
      "content": [
        { "type": "text", "text": "I look at both." },
        { "type": "tool_use", "id": "call_0", "name": "weather", "input": { "city": "Oslo" } },
        { "type": "tool_use", "id": "call_1", "name": "weather", "input": { "city": "Rome" } }
      ]
    },
    {
      "role": "user",
      "content": [
        { "type": "tool_result", "tool_use_id": "call_0", "content": "rain" },
        { "type": "tool_result", "tool_use_id": "call_1", "content": [ { "type": "text", "text": "sun" } ] },
        { "type": "text", "text": "And the others?" }
      ]
    }
  ],
  "max_tokens": 100,
  "tools": [
    {
      "name": "weather",
      "description": "Tells the weather of a city",
      "input_schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ] }
    },
    { "name": "time", "description": "Tells the time", "input_schema": { "type": "object", "properties": {} } }
  ],
  "tool_choice": { "type": "any" },
  "stream": true
}

=== messages over messages: answer
200
{
  "id": "msg_01up",
  "type": "message",
  "role": "assistant",
  "model": "claude-up",
  "content": [
    { "type": "text", "text": "One moment." },
    { "type": "tool_use", "id": "toolu_2", "name": "weather", "input": { "city": "Bergen" } },
    { "type": "tool_use", "id": "toolu_3", "name": "weather", "input": { "city": "Paris" } }
  ],
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
{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One "}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"moment."}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_2","name":"weather","input":{}}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\""}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":":\"Bergen\"}"}}
{"type":"content_block_stop","index":1}
{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_3","name":"weather","input":{}}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Paris\"}"}}
{"type":"content_block_stop","index":2}
{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"service_tier":"standard","output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}
