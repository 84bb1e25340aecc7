"""The sync plan: the views of both sides and what they last agreed on go in, actions come out.

Theory of operation. For every event in a mailbox there are three trees: *local* is what the
calendar says this mailbox should show, *remote* is what Outlook says, *base* is what both last
agreed on. Whoever differs from their own half of the base has changed; `plan` turns that into
actions, and nothing else decides anything. An echo of our own write needs no flag: nothing differs,
so the plan is empty. Pull and push are one plan. Everything here is pure: no clock, no database, no
network.

    snapshot   the three trees of one event
    merge      field by field: who changed, and who wins
    plan       the table: presence on each side, then the fields
    actions    what a plan consists of
    forecast   whom Outlook will mail for an action
"""
