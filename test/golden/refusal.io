// The model declines, where JSON of a schema was asked for.

=== chat client asks
{
  "messages": [ { "role": "user", "content": "How do I break in?" } ],
  "max_tokens": 100,
  "response_format": {
    "type": "json_schema",
    "json_schema": {
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  }
}

=== responses client asks
{
  "input": "How do I break in?",
  "max_output_tokens": 100,
  "text": {
    "format": {
      "type": "json_schema",
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
  "store": false
}

=== messages client asks
{
  "messages": [ { "role": "user", "content": "How do I break in?" } ],
  "max_tokens": 100,
  "output_config": {
    "format": {
      "type": "json_schema",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false }
    }
  }
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
      "message": { "role": "assistant", "content": null, "refusal": "I can't help with that.", "annotations": [] },
      "logprobs": null,
      "finish_reason": "stop"
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

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"refusal":"I can't help"},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"refusal":" with that."},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}

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
      "content": [ { "type": "refusal", "refusal": "I can't help with that." } ]
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "service_tier": "default",
  "store": false,
  "temperature": 1,
  "text": {
    "format": {
      "type": "json_schema",
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
  "tool_choice": "auto",
  "tools": [],
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
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.in_progress
data: {"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

event: response.content_part.added
data: {"type":"response.content_part.added","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"refusal","refusal":""}}

event: response.refusal.delta
data: {"type":"response.refusal.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"I can't help"}

event: response.refusal.delta
data: {"type":"response.refusal.delta","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"delta":" with that."}

event: response.refusal.done
data: {"type":"response.refusal.done","sequence_number":6,"item_id":"msg_1","output_index":0,"content_index":0,"refusal":"I can't help with that."}

event: response.content_part.done
data: {"type":"response.content_part.done","sequence_number":7,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"refusal","refusal":"I can't help with that."}}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"I can't help with that."}]}}

event: response.completed
data: {"type":"response.completed","sequence_number":9,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"completed","incomplete_details":null,"completed_at":1700000001,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"I can't help with that."}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30},"user":null}}

=== messages vendor streams
event: message_start
data: {"type":"message_start","message":{"id":"msg_01up","type":"message","role":"assistant","model":"claude-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":1,"service_tier":"standard"}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I can't help"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" with that."}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":"cyber","explanation":"This could enable harm."}},"usage":{"output_tokens":10,"output_tokens_details":{"thinking_tokens":4}}}

event: message_stop
data: {"type":"message_stop"}

=== chat over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [ { "role": "user", "content": "How do I break in?" } ],
  "max_tokens": 100,
  "response_format": {
    "type": "json_schema",
    "json_schema": {
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  }
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
      "message": { "role": "assistant", "content": null, "refusal": "I can't help with that.", "annotations": [] },
      "logprobs": null,
      "finish_reason": "stop"
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
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"refusal":"I can't help"},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"refusal":" with that."},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"cost":0.00004}}
[DONE]

=== chat over responses: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [ { "role": "user", "content": "How do I break in?" } ],
  "max_tokens": 100,
  "response_format": {
    "type": "json_schema",
    "json_schema": {
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  }
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
      "message": { "role": "assistant", "content": null, "refusal": "I can't help with that.", "annotations": [] },
      "logprobs": null,
      "finish_reason": "stop"
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
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"refusal":"I can't help"},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"refusal":" with that."},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"cost":0.00004}}
[DONE]

=== chat over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 100,
  "stream": true,
  "messages": [ { "role": "user", "content": [ { "type": "text", "text": "How do I break in?" } ] } ],
  "output_config": {
    "format": {
      "type": "json_schema",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false }
    }
  }
}

=== chat over messages: answer
200
{
  "id": "msg_01up",
  "object": "chat.completion",
  "created": "~",
  "model": "claude-up",
  "choices": [ { "index": 0, "message": { "role": "assistant", "content": "I can't help with that." }, "finish_reason": "content_filter" } ],
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
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"content":"I can't help"},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"content":" with that."},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":0,"cache_write_1h_tokens":0},"completion_tokens_details":{"reasoning_tokens":4},"cost":0.00004}}
[DONE]

=== responses over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [ { "role": "user", "content": "How do I break in?" } ],
  "response_format": {
    "type": "json_schema",
    "json_schema": {
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
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
      "content": [ { "type": "refusal", "refusal": "I can't help with that." } ]
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "store": false,
  "temperature": null,
  "text": {
    "format": {
      "type": "json_schema",
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
  "tool_choice": "auto",
  "tools": [],
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
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"in_progress","role":"assistant","content":[]},"sequence_number":2}
{"type":"response.content_part.added","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"refusal","refusal":""},"sequence_number":3}
{"type":"response.refusal.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":"I can't help","sequence_number":4}
{"type":"response.refusal.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":" with that.","sequence_number":5}
{"type":"response.refusal.done","item_id":"msg_~o0","output_index":0,"content_index":0,"refusal":"I can't help with that.","sequence_number":6}
{"type":"response.content_part.done","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"refusal","refusal":"I can't help with that."},"sequence_number":7}
{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"I can't help with that."}]},"sequence_number":8}
{"type":"response.completed","response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","access_programs":null,"background":false,"completed_at":"~","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"msg_~o0","type":"message","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"I can't help with that."}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null},"sequence_number":9}

=== responses over responses: request
/v1/responses
{
  "model": "gpt-up",
  "input": "How do I break in?",
  "max_output_tokens": 100,
  "text": {
    "format": {
      "type": "json_schema",
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
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
      "content": [ { "type": "refusal", "refusal": "I can't help with that." } ]
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "service_tier": "default",
  "store": false,
  "temperature": 1,
  "text": {
    "format": {
      "type": "json_schema",
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
  "tool_choice": "auto",
  "tools": [],
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
{"type":"response.created","sequence_number":0,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}
{"type":"response.content_part.added","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"refusal","refusal":""}}
{"type":"response.refusal.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"I can't help"}
{"type":"response.refusal.delta","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"delta":" with that."}
{"type":"response.refusal.done","sequence_number":6,"item_id":"msg_1","output_index":0,"content_index":0,"refusal":"I can't help with that."}
{"type":"response.content_part.done","sequence_number":7,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"refusal","refusal":"I can't help with that."}}
{"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"I can't help with that."}]}}
{"type":"response.completed","sequence_number":9,"response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","incomplete_details":null,"completed_at":1700000001,"background":false,"error":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"gpt-up","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"I can't help with that."}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null}}

=== responses over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 100,
  "stream": true,
  "messages": [ { "role": "user", "content": [ { "type": "text", "text": "How do I break in?" } ] } ],
  "output_config": {
    "format": {
      "type": "json_schema",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false }
    }
  }
}

=== responses over messages: answer
200
{
  "id": "resp_~",
  "object": "response",
  "created_at": "~",
  "status": "incomplete",
  "access_programs": null,
  "background": false,
  "completed_at": null,
  "error": null,
  "incomplete_details": { "reason": "content_filter" },
  "instructions": null,
  "max_output_tokens": 100,
  "metadata": {},
  "model": "claude-up",
  "output": [
    {
      "id": "msg_~o0",
      "type": "message",
      "status": "incomplete",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "I can't help with that.", "annotations": [], "logprobs": [] } ]
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": null, "summary": null },
  "store": false,
  "temperature": null,
  "text": {
    "format": {
      "type": "json_schema",
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
  "tool_choice": "auto",
  "tools": [],
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
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"in_progress","role":"assistant","content":[]},"sequence_number":2}
{"type":"response.content_part.added","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]},"sequence_number":3}
{"type":"response.output_text.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":"I can't help","logprobs":[],"sequence_number":4}
{"type":"response.output_text.delta","item_id":"msg_~o0","output_index":0,"content_index":0,"delta":" with that.","logprobs":[],"sequence_number":5}
{"type":"response.output_text.done","item_id":"msg_~o0","output_index":0,"content_index":0,"text":"I can't help with that.","logprobs":[],"sequence_number":6}
{"type":"response.content_part.done","item_id":"msg_~o0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"I can't help with that.","annotations":[],"logprobs":[]},"sequence_number":7}
{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_~o0","type":"message","status":"incomplete","role":"assistant","content":[{"type":"output_text","text":"I can't help with that.","annotations":[],"logprobs":[]}]},"sequence_number":8}
{"type":"response.incomplete","response":{"id":"resp_~","object":"response","created_at":"~","status":"incomplete","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":{"reason":"content_filter"},"instructions":null,"max_output_tokens":100,"metadata":{},"model":"claude-up","output":[{"id":"msg_~o0","type":"message","status":"incomplete","role":"assistant","content":[{"type":"output_text","text":"I can't help with that.","annotations":[],"logprobs":[]}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"temperature":null,"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null},"sequence_number":9}

=== messages over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [ { "role": "user", "content": "How do I break in?" } ],
  "response_format": {
    "type": "json_schema",
    "json_schema": {
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
  "max_completion_tokens": 100
}

=== messages over chat: answer
200
{
  "id": "msg_chatcmpl-1",
  "type": "message",
  "role": "assistant",
  "model": "gpt-up",
  "content": [ { "type": "text", "text": "I can't help with that." } ],
  "stop_reason": "refusal",
  "stop_sequence": null,
  "stop_details": { "type": "refusal", "category": null, "explanation": null },
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
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I can't help"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" with that."}}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":null}},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}

=== messages over responses: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [ { "role": "user", "content": "How do I break in?" } ],
  "response_format": {
    "type": "json_schema",
    "json_schema": {
      "name": "answer",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false },
      "strict": true
    }
  },
  "max_completion_tokens": 100
}

=== messages over responses: answer
200
{
  "id": "msg_chatcmpl-1",
  "type": "message",
  "role": "assistant",
  "model": "gpt-up",
  "content": [ { "type": "text", "text": "I can't help with that." } ],
  "stop_reason": "refusal",
  "stop_sequence": null,
  "stop_details": { "type": "refusal", "category": null, "explanation": null },
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
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I can't help"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" with that."}}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":null}},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}

=== messages over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "messages": [ { "role": "user", "content": "How do I break in?" } ],
  "max_tokens": 100,
  "output_config": {
    "format": {
      "type": "json_schema",
      "schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": [ "city" ], "additionalProperties": false }
    }
  },
  "stream": true
}

=== messages over messages: answer
200
{
  "id": "msg_01up",
  "type": "message",
  "role": "assistant",
  "model": "claude-up",
  "content": [ { "type": "text", "text": "I can't help with that." } ],
  "stop_reason": "refusal",
  "stop_sequence": null,
  "stop_details": { "type": "refusal", "category": "cyber", "explanation": "This could enable harm." },
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
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I can't help"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" with that."}}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":"cyber","explanation":"This could enable harm."}},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"service_tier":"standard","output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}
