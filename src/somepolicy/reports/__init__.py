"""Reports: a policy, its log or a decision -> one model of data -> five formats."""
