"""The tests of a policy: loaded, checked against the policy, and run."""
