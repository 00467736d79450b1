"""Jobs: long work that the service does in processes of its own: a registry of processes, a queue, a runner, a worker."""
