"""The pure plan in a small world: several people's Leansoft and Outlook in memory.

    outlook    rewrites what it is given, mails people, carries copies late
    rows       what Leansoft keeps
    views      the three trees of an event, the homes of its fields
    reading    reads Outlook, finds the rows of its copies
    writing    carries actions out, settles what had no answer
    shell      one round
    acts       what people do, and the book of it
    checks     what has to hold when it is quiet
    play       one history, and its shortest form that still fails

No database and no network: the shell is as small as the rules of the real one allow. A request may
stay without an answer, carried out or not; a worker may end between any two actions; others act and
sync before any request.
"""
