"""What is new, what it says, what each reader should get. Knows the names that subscriptions exports, and nobody else."""
