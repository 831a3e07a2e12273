// What a model is for; each kind has its own section in the configuration and its own names.

export type ModelKind = "chat" | "embedding" | "transcription" | "speech" | "moderation" | "image";
