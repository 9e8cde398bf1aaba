"""Many documents: from lines, lists and tables, in one process or several, in order.

Documents are handed on in chunks (chunks.py, lines.py, arrays.py, table.py), decided on
(work.py, in processes of their own: pool.py, worker.py), and written so that an interrupted run
can go on (resumable.py, table.py). `evaluate_many` is the same for Python objects.
"""
