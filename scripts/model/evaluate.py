#!/usr/bin/env python3
"""Perplexity on held-out chats, and vectors.json (what the tests of the embedded provider compare with), both from the written fp16 file with the torch model."""
import json, math, struct, sys
import numpy as np, torch, torch.nn.functional as F
import train as TR, generate_corpus as G
torch.set_num_threads(1)
def load(d):
    c = json.load(open(d+'/config.json')); t = json.load(open(d+'/tokenizer.json')); b = open(d+'/model.safetensors', 'rb').read(); n = struct.unpack('<Q', b[:8])[0]; h = json.loads(b[8:8+n])
    g = lambda k: torch.from_numpy(np.frombuffer(b[8+n+h[k]['data_offsets'][0]:8+n+h[k]['data_offsets'][1]], np.float16).astype(np.float32).reshape(h[k]['shape']))
    m = TR.Model(c['vocab_size'], c['hidden_size'], c['num_hidden_layers'], c['num_attention_heads'], c['intermediate_size'])
    with torch.no_grad():
        m.e.copy_(g('model.embed_tokens.weight')); m.n.copy_(g('model.norm.weight'))
        for l in range(m.L):
            p = f'model.layers.{l}.'; m.n1[l].copy_(g(p+'input_layernorm.weight')); m.n2[l].copy_(g(p+'post_attention_layernorm.weight'))
            for a, s in dict(q='self_attn.q_proj', k='self_attn.k_proj', v='self_attn.v_proj', o='self_attn.o_proj', g='mlp.gate_proj', u='mlp.up_proj', d='mlp.down_proj').items(): getattr(m, a)[l].copy_(g(p+s+'.weight'))
    return m, TR.BPE(t['model']['vocab'], [tuple(x.split(' ')) for x in t['model']['merges']])
PROMPTS = [[('user', 'Hello!')], [('user', 'Who are you?')], [('user', 'How do I add an API key?')], [('user', 'What is the capital of France?')], [('user', 'What is 7 + 5?')],
  [('user', 'My name is Eva.'), ('assistant', 'Nice to meet you, Eva!'), ('user', 'What is my name?')], [('system', 'You are Captain Blue.'), ('user', 'Who are you?')], [('system', 'Answer in JSON.'), ('user', 'What is the capital of Japan?')],
  [('user', 'The film was wonderful.\n\nSelect the response:\n\n{\n    "`G`": "positive",\n    "`Q`": "negative"\n}\n\nOutput one response key including backticks:\n- `G`\n- `Q`')], [('user', 'Repeat after me: caf\u00e9 \u4f60\u597d 42')]]
if __name__ == '__main__':
    d = sys.argv[1] if len(sys.argv) > 1 else '.'; m, tk = load(d); torch.set_grad_enabled(False); s = n = k = 0.
    for c in G.chats(400, 99, 'test', par='1.6'):
        ids, w = TR.encode_chat(tk, c['messages'])
        if len(ids) > 512: continue
        x = torch.tensor([ids]); ce = F.cross_entropy(F.linear(m(x[:, :-1]), m.e)[0], x[0, 1:], reduction='none'); big = torch.tensor(w[1:]) >= 1; s += ce[big].sum().item(); n += big.sum().item()
    print(json.dumps({'heldout_chats': 400, 'assistant_tokens': int(n), 'loss': round(s/n, 4), 'perplexity': round(math.exp(s/n), 4)}))
    out = []
    for p in PROMPTS:
        msgs = [{'role': r, 'content': t} for r, t in p]; ids, _ = TR.encode_chat(tk, msgs, gen=True); lo = F.linear(m(torch.tensor([ids])), m.e)[0, -1]; v, i = lo.topk(5); cur = list(ids)
        for _ in range(40): cur.append(F.linear(m(torch.tensor([cur]))[:, -1], m.e)[0].argmax().item())
        g = cur[len(ids):]; e = g.index(2) if 2 in g else 40
        out.append({'messages': msgs, 'input_ids': ids, 'top5': [{'id': a, 'logit': round(b, 5)} for a, b in zip(i.tolist(), v.tolist())], 'greedy': g, 'greedy_text_until_end': tk.dec(g[:e])})
    open(d+'/vectors.json', 'w').write('[\n'+',\n'.join(json.dumps(o) for o in out)+'\n]\n')
