"""The chat engine: what a person says, what the model answers, and the calls in between, as rows that grow.

A chat is a tree of messages; ``chat.tip`` is the last one of the branch that is shown (``branching``). Whatever a
person does (``turning``) is one conditional update of rows: two tabs or two workers cannot both do it. The turn itself
(``talking``) runs in a thread of the process that took it (``crew``), shows signs of life (``holding``), and reads from
the rows alone what comes next: so a turn whose process was killed can be gone on with, there or elsewhere.

What ``Message.data`` holds, by role (all of it optional unless told; texts of ChatGPT's own are English):

``user``: files [{"key", "name", "mime_type", "size"}] that came with it; ``key`` is the id that a call hands on.

``assistant``, one answer of the model; ``text`` may be empty when it only wished for calls:
    wishes    [{"id", "name", "arguments"}]: the calls it asked for; each has a message ``call`` behind this one
    model     who answered, for people ("scripted model", or the endpoint's name and model)
    prompt    {"sheet", "after"}: what it was asked with; ``asking.whole(message, branch)`` tells it all
    why       how a provider that chooses by rules came to it ({} of a real model)
    reason    stop, calls, length, filter, stopped
    raw       {"request", "response"} of the model's protocol, without its key; null where it is too large to keep
    error     {"code", "message"} of a ProviderError, with state ``failed``. code "interrupted": its process was ended

``call``, one wish and what became of it; ``text`` is the operationId:
    wish          {"id", "name", "arguments"} as the model wrote it
    answer        pk of the assistant message that wished it (its ``prompt`` and ``why`` are this call's, too)
    action        pk of the Action; 0 for a name that no action has
    operation     operationId;  method, path, summary;  consequential: true, false or null as in the document
    domain        host it goes to, as ChatGPT's cards and lines call it
    arguments     text of what is sent: the model's own, or what a person made of it (then ``edited`` is true)
    why           as above, for this call alone
    card          what the person is asked; kept after the choice: {"kind": "confirm"|"allow"|"sign-in", "title",
                  "subtitle", "buttons": [{"choice", "label"}], "again": true after an interruption}
    choice        confirm, deny, allow, always, decline, signed-in; "" before one, or when none was needed
    begun         true when sending has begun: whether it arrived is not known unless ``attempts`` tells
    oauth         true when it carried the token of a sign-in
    refusal       why nothing was sent: {"code", "message" (ChatGPT's own words), "detail" (ours), "confidence"}
    attempts      [{"method", "url", "request_headers", "request_body", "status", "response_headers", "response_body",
                  "ms", "exchange" (public id in the log, "" outside the studio), "error"}]; secrets are hidden
    told          text that the model was told;  told_code: "", ClientResponseError, ResponseTooLarge, declined, …
    ms            of all attempts
    files         [{"key", "name", "mime_type", "size", "url", "problem"}] that the answer brought; no key: not taken

``notice``, said by the simulator itself: {"code"}: "limit" (too many answers in a row), "error" (our own fault).

``state``: streaming (being written or done), waiting (for the person: ``card``), done, stopped, failed.
"""
