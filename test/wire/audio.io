// The embedded voice speaks without any key; over JSON-RPC audio is base64.
>> {"jsonrpc":"2.0","id":0,"method":"audio.speech.create","params":{"model":"flite","input":"Hi"}}
<< {"jsonrpc":"2.0","id":0,"result":{"content_type":"audio/wav","audio":"<string>","usage":{"characters":2,"cost":0}}}

// A character is one, however it is encoded.
>> {"jsonrpc":"2.0","id":10,"method":"audio.speech.create","params":{"model":"flite","input":"Hi 🌍"}}
<< {"jsonrpc":"2.0","id":10,"result":{"content_type":"audio/wav","audio":"<string>","usage":{"characters":4,"cost":0}}}

// It can't give what it can't encode, and says which param asks for it.
>> {"jsonrpc":"2.0","id":1,"method":"audio.speech.create","params":{"model":"flite","input":"Hi","response_format":"mp3"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":"<integer>","message":"<string>","data":{"kind":"capability_missing","retryable":false,"request_id":"<string>","param":"response_format"}}}

>> {"jsonrpc":"2.0","id":11,"method":"audio.speech.create","params":{"model":"flite","input":"Hi","stream_format":"sse"}}
<< {"jsonrpc":"2.0","id":11,"error":{"code":"<integer>","message":"<string>","data":{"kind":"capability_missing","retryable":false,"request_id":"<string>","param":"stream_format"}}}

// A file is base64.
>> {"jsonrpc":"2.0","id":2,"method":"audio.transcriptions.create","params":{"model":"whisper-1","file":"no base64!"}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"/file: is not valid base64","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/file"}}}

// What it decodes to is audio.
>> {"jsonrpc":"2.0","id":3,"method":"audio.translations.create","params":{"model":"whisper-1","file":"SGVsbG8sIHdvcmxkIQ=="}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"<string>","data":{"kind":"invalid_params","retryable":false,"request_id":"<string>","param":"/file"}}}

// A model without a key says which variable is missing.
>> {"jsonrpc":"2.0","id":4,"method":"audio.transcriptions.create","params":{"model":"whisper-1","file":"ZkxhQwAAACIAAAAAAAAAAAAACsRA8AAAAAAAAAAAAAAAAAAAAAAAAAAA"}}
<< {"jsonrpc":"2.0","id":4,"error":{"code":1202,"message":"<string>","data":{"kind":"no_usable_target","retryable":false,"request_id":"<string>","param":"model","missing":["GROQ_API_KEY","SAMBANOVA_API_KEY","OPENAI_API_KEY"]}}}
