"""One function on many tasks in processes of this Python: pool.py starts what worker.py runs."""
