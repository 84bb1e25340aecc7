"""A deterministic simulation of the whole program: one seed, one history, always the same.

    steps    what a history consists of, drawn from a seed as plain data
    world    virtual time, Leansoft and the sandbox in one process, and the book of what people did
    here     what people do in Leansoft
    there    what people do in Outlook
    rounds   connections, and rounds that are struck by faults, crashes and other people's acts
    quiet    the calm after the storm
    checks   what has to hold then (`agreement`, `mails`, `remains`)
    play     one history from beginning to end, and its shortest form that still fails

A step finds what it is about when it is carried out, so that any subset of a history is a history.
"""
