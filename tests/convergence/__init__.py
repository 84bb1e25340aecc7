"""A deterministic simulation of the whole program: one seed, one history, always the same.

    steps    what a history consists of, drawn from a seed as plain data
    world    virtual time, Leansoft and the sandbox in one process
    book     what people did, what Leansoft wrote in Outlook (`scribe` writes it down), its rounds
    here     what people do in Leansoft
    there    what people do in Outlook
    rounds   connections, and rounds that are struck by faults, crashes and other people's acts
    work     workers and Microsoft's courier: queued rounds, notifications, jobs
    memory   a server that shows old states again
    quiet    the calm after the storm
    foreseen a preview before each quiet round, and an undo after the calm
    checks   what has to hold then: `agreement` of both sides, `remains` of every event, the `mails`
             and the `causes` of every write, the last word of every person (`edits`), that
             everybody is `told` of news
    play     one history from beginning to end, and its shortest form that still fails
    model    the same for the plan alone, in a small world in memory, hundreds of times as fast

A step finds what it is about when it is carried out, so that any subset of a history is a history.
"""
