// Thoughts: those of an earlier turn go back with their proof to who can read it, new ones come before the text.

=== chat client asks
{
  "messages": [
    { "role": "user", "content": "17 * 23?" },
    { "role": "assistant", "content": "391", "reasoning_content": "17 * 20 + 17 * 3", "reasoning_signature": "c2VhbGVkLTA=" },
    { "role": "user", "content": "And 17 * 24?" }
  ],
  "max_completion_tokens": 4000,
  "reasoning_effort": "low"
}

=== responses client asks
{
  "input": [
    { "role": "user", "content": "17 * 23?" },
    {
      "type": "reasoning",
      "id": "rs_0",
      "summary": [],
      "content": [ { "type": "reasoning_text", "text": "17 * 20 + 17 * 3" } ],
      "encrypted_content": "c2VhbGVkLTA="
    },
    { "role": "assistant", "content": "391" },
    { "role": "user", "content": "And 17 * 24?" }
  ],
  "max_output_tokens": 4000,
  "reasoning": { "effort": "low", "summary": "auto" },
  "include": [ "reasoning.encrypted_content" ],
  "store": false
}

=== messages client asks
{
  "messages": [
    { "role": "user", "content": "17 * 23?" },
    {
      "role": "assistant",
      "content": [ { "type": "thinking", "thinking": "17 * 20 + 17 * 3", "signature": "c2VhbGVkLTA=" }, { "type": "text", "text": "391" } ]
    },
    { "role": "user", "content": "And 17 * 24?" }
  ],
  "max_tokens": 4000,
  "thinking": { "type": "enabled", "budget_tokens": 1024 }
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
      "message": { "role": "assistant", "content": "It is 408.", "refusal": null, "reasoning_content": "391 and 17 more", "annotations": [] },
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
data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"reasoning_content":"391 "},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"reasoning_content":"and 17 more"},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"It is "},"logprobs":null,"finish_reason":null}],"usage":null}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"408."},"logprobs":null,"finish_reason":null}],"usage":null}

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
  "max_output_tokens": 4000,
  "metadata": {},
  "model": "gpt-up",
  "output": [
    {
      "id": "rs_1",
      "type": "reasoning",
      "summary": [ { "type": "summary_text", "text": "391 and 17 more" } ],
      "encrypted_content": "c2VhbGVkLTE="
    },
    {
      "id": "msg_1",
      "type": "message",
      "status": "completed",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "It is 408.", "annotations": [], "logprobs": [] } ]
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": "low", "summary": "auto" },
  "service_tier": "default",
  "store": false,
  "temperature": 1,
  "text": { "format": { "type": "text" } },
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
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.in_progress
data: {"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"c2VhbGVkLTE="}}

event: response.reasoning_summary_part.added
data: {"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}

event: response.reasoning_summary_text.delta
data: {"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"391 "}

event: response.reasoning_summary_text.delta
data: {"type":"response.reasoning_summary_text.delta","sequence_number":5,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"and 17 more"}

event: response.reasoning_summary_text.done
data: {"type":"response.reasoning_summary_text.done","sequence_number":6,"item_id":"rs_1","output_index":0,"summary_index":0,"text":"391 and 17 more"}

event: response.reasoning_summary_part.done
data: {"type":"response.reasoning_summary_part.done","sequence_number":7,"item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":"391 and 17 more"}}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"391 and 17 more"}],"encrypted_content":"c2VhbGVkLTE="}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":9,"output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

event: response.content_part.added
data: {"type":"response.content_part.added","sequence_number":10,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":11,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"It is ","logprobs":[]}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":12,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"408.","logprobs":[]}

event: response.output_text.done
data: {"type":"response.output_text.done","sequence_number":13,"item_id":"msg_1","output_index":1,"content_index":0,"text":"It is 408.","logprobs":[]}

event: response.content_part.done
data: {"type":"response.content_part.done","sequence_number":14,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":15,"output_index":1,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}]}}

event: response.completed
data: {"type":"response.completed","sequence_number":16,"response":{"id":"resp_up","object":"response","created_at":1700000000,"status":"completed","incomplete_details":null,"completed_at":1700000001,"background":false,"error":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"391 and 17 more"}],"encrypted_content":"c2VhbGVkLTE="},{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30},"user":null}}

=== messages vendor streams
event: message_start
data: {"type":"message_start","message":{"id":"msg_01up","type":"message","role":"assistant","model":"claude-up","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":1,"service_tier":"standard"}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"391 "}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"and 17 more"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2VhbGVkLTE="}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"It is "}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"408."}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null},"usage":{"output_tokens":10,"output_tokens_details":{"thinking_tokens":4}}}

event: message_stop
data: {"type":"message_stop"}

=== chat over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "17 * 23?" },
    { "role": "assistant", "content": "391", "reasoning_content": "17 * 20 + 17 * 3", "reasoning_signature": "c2VhbGVkLTA=" },
    { "role": "user", "content": "And 17 * 24?" }
  ],
  "max_completion_tokens": 4000,
  "reasoning_effort": "low"
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
      "message": { "role": "assistant", "content": "It is 408.", "refusal": null, "reasoning_content": "391 and 17 more", "annotations": [] },
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
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"reasoning_content":"391 "},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"reasoning_content":"and 17 more"},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"It is "},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"408."},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"cost":0.00004}}
[DONE]

=== chat over responses: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [
    { "role": "user", "content": "17 * 23?" },
    { "role": "assistant", "content": "391", "reasoning_content": "17 * 20 + 17 * 3", "reasoning_signature": "c2VhbGVkLTA=" },
    { "role": "user", "content": "And 17 * 24?" }
  ],
  "max_completion_tokens": 4000,
  "reasoning_effort": "low"
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
      "message": { "role": "assistant", "content": "It is 408.", "refusal": null, "reasoning_content": "391 and 17 more", "annotations": [] },
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
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"reasoning_content":"391 "},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"reasoning_content":"and 17 more"},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"It is "},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"408."},"logprobs":null,"finish_reason":null}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}
{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"cost":0.00004}}
[DONE]

=== chat over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 4000,
  "stream": true,
  "messages": [
    { "role": "user", "content": [ { "type": "text", "text": "17 * 23?" } ] },
    {
      "role": "assistant",
      "content": [ { "type": "thinking", "thinking": "17 * 20 + 17 * 3", "signature": "c2VhbGVkLTA=" }, { "type": "text", "text": "391" } ]
    },
    { "role": "user", "content": [ { "type": "text", "text": "And 17 * 24?" } ] }
  ],
  "thinking": { "type": "enabled", "budget_tokens": 1024 }
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
      "message": { "role": "assistant", "content": "It is 408.", "reasoning_content": "391 and 17 more", "reasoning_signature": "c2VhbGVkLTE=" },
      "finish_reason": "stop"
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
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"reasoning_content":"391 "},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"reasoning_content":"and 17 more"},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"content":"It is "},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"content":"408."},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{"reasoning_signature":"c2VhbGVkLTE="},"finish_reason":null}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
{"id":"msg_01up","object":"chat.completion.chunk","created":"~","model":"claude-up","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":0,"cache_write_1h_tokens":0},"completion_tokens_details":{"reasoning_tokens":4},"cost":0.00004}}
[DONE]

=== responses over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [ { "role": "user", "content": "17 * 23?" }, { "role": "assistant", "content": "391" }, { "role": "user", "content": "And 17 * 24?" } ],
  "reasoning_effort": "low",
  "max_completion_tokens": 4000
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
  "max_output_tokens": 4000,
  "metadata": {},
  "model": "gpt-up",
  "output": [
    {
      "id": "rs_~o0",
      "type": "reasoning",
      "status": "completed",
      "summary": [],
      "content": [ { "type": "reasoning_text", "text": "391 and 17 more" } ]
    },
    {
      "id": "msg_~o1",
      "type": "message",
      "status": "completed",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "It is 408.", "annotations": [], "logprobs": [] } ]
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": "low", "summary": "auto" },
  "store": false,
  "temperature": null,
  "text": { "format": { "type": "text" } },
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
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_~o0","type":"reasoning","status":"in_progress","summary":[],"content":[]},"sequence_number":2}
{"type":"response.content_part.added","item_id":"rs_~o0","output_index":0,"content_index":0,"part":{"type":"reasoning_text","text":""},"sequence_number":3}
{"type":"response.reasoning_text.delta","item_id":"rs_~o0","output_index":0,"content_index":0,"delta":"391 ","sequence_number":4}
{"type":"response.reasoning_text.delta","item_id":"rs_~o0","output_index":0,"content_index":0,"delta":"and 17 more","sequence_number":5}
{"type":"response.reasoning_text.done","item_id":"rs_~o0","output_index":0,"content_index":0,"text":"391 and 17 more","sequence_number":6}
{"type":"response.content_part.done","item_id":"rs_~o0","output_index":0,"content_index":0,"part":{"type":"reasoning_text","text":"391 and 17 more"},"sequence_number":7}
{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_~o0","type":"reasoning","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"391 and 17 more"}]},"sequence_number":8}
{"type":"response.output_item.added","output_index":1,"item":{"id":"msg_~o1","type":"message","status":"in_progress","role":"assistant","content":[]},"sequence_number":9}
{"type":"response.content_part.added","item_id":"msg_~o1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]},"sequence_number":10}
{"type":"response.output_text.delta","item_id":"msg_~o1","output_index":1,"content_index":0,"delta":"It is ","logprobs":[],"sequence_number":11}
{"type":"response.output_text.delta","item_id":"msg_~o1","output_index":1,"content_index":0,"delta":"408.","logprobs":[],"sequence_number":12}
{"type":"response.output_text.done","item_id":"msg_~o1","output_index":1,"content_index":0,"text":"It is 408.","logprobs":[],"sequence_number":13}
{"type":"response.content_part.done","item_id":"msg_~o1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]},"sequence_number":14}
{"type":"response.output_item.done","output_index":1,"item":{"id":"msg_~o1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}]},"sequence_number":15}
{"type":"response.completed","response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","access_programs":null,"background":false,"completed_at":"~","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[{"id":"rs_~o0","type":"reasoning","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"391 and 17 more"}]},{"id":"msg_~o1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null},"sequence_number":16}

=== responses over responses: request
/v1/responses
{
  "model": "gpt-up",
  "input": [
    { "role": "user", "content": "17 * 23?" },
    {
      "type": "reasoning",
      "id": "rs_0",
      "summary": [],
      "content": [ { "type": "reasoning_text", "text": "17 * 20 + 17 * 3" } ],
      "encrypted_content": "c2VhbGVkLTA="
    },
    { "role": "assistant", "content": "391" },
    { "role": "user", "content": "And 17 * 24?" }
  ],
  "max_output_tokens": 4000,
  "reasoning": { "effort": "low", "summary": "auto" },
  "include": [ "reasoning.encrypted_content" ],
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
  "max_output_tokens": 4000,
  "metadata": {},
  "model": "gpt-up",
  "output": [
    {
      "id": "rs_1",
      "type": "reasoning",
      "summary": [ { "type": "summary_text", "text": "391 and 17 more" } ],
      "encrypted_content": "c2VhbGVkLTE="
    },
    {
      "id": "msg_1",
      "type": "message",
      "status": "completed",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "It is 408.", "annotations": [], "logprobs": [] } ]
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": "low", "summary": "auto" },
  "service_tier": "default",
  "store": false,
  "temperature": 1,
  "text": { "format": { "type": "text" } },
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
{"type":"response.created","sequence_number":0,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","incomplete_details":null,"completed_at":null,"background":false,"error":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":null,"user":null}}
{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"c2VhbGVkLTE="}}
{"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}
{"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"391 "}
{"type":"response.reasoning_summary_text.delta","sequence_number":5,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"and 17 more"}
{"type":"response.reasoning_summary_text.done","sequence_number":6,"item_id":"rs_1","output_index":0,"summary_index":0,"text":"391 and 17 more"}
{"type":"response.reasoning_summary_part.done","sequence_number":7,"item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":"391 and 17 more"}}
{"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"391 and 17 more"}],"encrypted_content":"c2VhbGVkLTE="}}
{"type":"response.output_item.added","sequence_number":9,"output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}
{"type":"response.content_part.added","sequence_number":10,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}
{"type":"response.output_text.delta","sequence_number":11,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"It is ","logprobs":[]}
{"type":"response.output_text.delta","sequence_number":12,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"408.","logprobs":[]}
{"type":"response.output_text.done","sequence_number":13,"item_id":"msg_1","output_index":1,"content_index":0,"text":"It is 408.","logprobs":[]}
{"type":"response.content_part.done","sequence_number":14,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}}
{"type":"response.output_item.done","sequence_number":15,"output_index":1,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}]}}
{"type":"response.completed","sequence_number":16,"response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","incomplete_details":null,"completed_at":1700000001,"background":false,"error":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"gpt-up","output":[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"391 and 17 more"}],"encrypted_content":"c2VhbGVkLTE="},{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"service_tier":"default","store":false,"temperature":1,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null}}

=== responses over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "max_tokens": 4000,
  "stream": true,
  "messages": [
    { "role": "user", "content": [ { "type": "text", "text": "17 * 23?" } ] },
    {
      "role": "assistant",
      "content": [ { "type": "thinking", "thinking": "17 * 20 + 17 * 3", "signature": "c2VhbGVkLTA=" }, { "type": "text", "text": "391" } ]
    },
    { "role": "user", "content": [ { "type": "text", "text": "And 17 * 24?" } ] }
  ],
  "thinking": { "type": "enabled", "budget_tokens": 1024 }
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
  "max_output_tokens": 4000,
  "metadata": {},
  "model": "claude-up",
  "output": [
    {
      "id": "rs_~o0",
      "type": "reasoning",
      "status": "completed",
      "summary": [],
      "content": [ { "type": "reasoning_text", "text": "391 and 17 more" } ],
      "encrypted_content": "c2VhbGVkLTE="
    },
    {
      "id": "msg_~o1",
      "type": "message",
      "status": "completed",
      "role": "assistant",
      "content": [ { "type": "output_text", "text": "It is 408.", "annotations": [], "logprobs": [] } ]
    }
  ],
  "parallel_tool_calls": true,
  "previous_response_id": null,
  "reasoning": { "effort": "low", "summary": "auto" },
  "store": false,
  "temperature": null,
  "text": { "format": { "type": "text" } },
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
{"type":"response.created","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":0}
{"type":"response.in_progress","response":{"id":"resp_~","object":"response","created_at":"~","status":"in_progress","access_programs":null,"background":false,"completed_at":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"claude-up","output":[],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":null,"user":null},"sequence_number":1}
{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_~o0","type":"reasoning","status":"in_progress","summary":[],"content":[]},"sequence_number":2}
{"type":"response.content_part.added","item_id":"rs_~o0","output_index":0,"content_index":0,"part":{"type":"reasoning_text","text":""},"sequence_number":3}
{"type":"response.reasoning_text.delta","item_id":"rs_~o0","output_index":0,"content_index":0,"delta":"391 ","sequence_number":4}
{"type":"response.reasoning_text.delta","item_id":"rs_~o0","output_index":0,"content_index":0,"delta":"and 17 more","sequence_number":5}
{"type":"response.reasoning_text.done","item_id":"rs_~o0","output_index":0,"content_index":0,"text":"391 and 17 more","sequence_number":6}
{"type":"response.content_part.done","item_id":"rs_~o0","output_index":0,"content_index":0,"part":{"type":"reasoning_text","text":"391 and 17 more"},"sequence_number":7}
{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_~o0","type":"reasoning","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"391 and 17 more"}],"encrypted_content":"c2VhbGVkLTE="},"sequence_number":8}
{"type":"response.output_item.added","output_index":1,"item":{"id":"msg_~o1","type":"message","status":"in_progress","role":"assistant","content":[]},"sequence_number":9}
{"type":"response.content_part.added","item_id":"msg_~o1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]},"sequence_number":10}
{"type":"response.output_text.delta","item_id":"msg_~o1","output_index":1,"content_index":0,"delta":"It is ","logprobs":[],"sequence_number":11}
{"type":"response.output_text.delta","item_id":"msg_~o1","output_index":1,"content_index":0,"delta":"408.","logprobs":[],"sequence_number":12}
{"type":"response.output_text.done","item_id":"msg_~o1","output_index":1,"content_index":0,"text":"It is 408.","logprobs":[],"sequence_number":13}
{"type":"response.content_part.done","item_id":"msg_~o1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]},"sequence_number":14}
{"type":"response.output_item.done","output_index":1,"item":{"id":"msg_~o1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}]},"sequence_number":15}
{"type":"response.completed","response":{"id":"resp_~","object":"response","created_at":"~","status":"completed","access_programs":null,"background":false,"completed_at":"~","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":4000,"metadata":{},"model":"claude-up","output":[{"id":"rs_~o0","type":"reasoning","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"391 and 17 more"}],"encrypted_content":"c2VhbGVkLTE="},{"id":"msg_~o1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"It is 408.","annotations":[],"logprobs":[]}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":"auto"},"store":false,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},"output_tokens":10,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":30,"cost":0.00004},"user":null},"sequence_number":16}

=== messages over chat: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [ { "role": "user", "content": "17 * 23?" }, { "role": "assistant", "content": "391" }, { "role": "user", "content": "And 17 * 24?" } ],
  "reasoning_effort": "low",
  "max_completion_tokens": 4000
}

=== messages over chat: answer
200
{
  "id": "msg_chatcmpl-1",
  "type": "message",
  "role": "assistant",
  "model": "gpt-up",
  "content": [ { "type": "thinking", "thinking": "391 and 17 more", "signature": "" }, { "type": "text", "text": "It is 408." } ],
  "stop_reason": "end_turn",
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
{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"391 "}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"and 17 more"}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"It is "}}
{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"408."}}
{"type":"content_block_stop","index":1}
{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}

=== messages over responses: request
/v1/chat/completions
{
  "model": "gpt-up",
  "messages": [ { "role": "user", "content": "17 * 23?" }, { "role": "assistant", "content": "391" }, { "role": "user", "content": "And 17 * 24?" } ],
  "reasoning_effort": "low",
  "max_completion_tokens": 4000
}

=== messages over responses: answer
200
{
  "id": "msg_chatcmpl-1",
  "type": "message",
  "role": "assistant",
  "model": "gpt-up",
  "content": [ { "type": "thinking", "thinking": "391 and 17 more", "signature": "" }, { "type": "text", "text": "It is 408." } ],
  "stop_reason": "end_turn",
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
{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"391 "}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"and 17 more"}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"It is "}}
{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"408."}}
{"type":"content_block_stop","index":1}
{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}

=== messages over messages: request
/v1/messages
{
  "model": "claude-haiku-4-5",
  "messages": [
    { "role": "user", "content": "17 * 23?" },
    {
      "role": "assistant",
      "content": [ { "type": "thinking", "thinking": "17 * 20 + 17 * 3", "signature": "c2VhbGVkLTA=" }, { "type": "text", "text": "391" } ]
    },
    { "role": "user", "content": "And 17 * 24?" }
  ],
  "max_tokens": 4000,
  "thinking": { "type": "enabled", "budget_tokens": 1024 },
  "stream": true
}

=== messages over messages: answer
200
{
  "id": "msg_01up",
  "type": "message",
  "role": "assistant",
  "model": "claude-up",
  "content": [ { "type": "thinking", "thinking": "391 and 17 more", "signature": "c2VhbGVkLTE=" }, { "type": "text", "text": "It is 408." } ],
  "stop_reason": "end_turn",
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
{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"391 "}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"and 17 more"}}
{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2VhbGVkLTE="}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"It is "}}
{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"408."}}
{"type":"content_block_stop","index":1}
{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":10,"service_tier":"standard","output_tokens_details":{"thinking_tokens":4},"cost":0.00004}}
{"type":"message_stop"}
