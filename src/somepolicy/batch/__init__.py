"""Many documents: decided on in one process or several, in order.

Documents come in chunks (documents/), are decided on (work.py, in processes of their own:
tasks.py, processes/), and written so that an interrupted run can go on (resumable.py, table.py).
`evaluate_many` is the same for Python objects.
"""
