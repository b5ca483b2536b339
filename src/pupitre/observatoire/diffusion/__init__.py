"""What is sent: editions, their documents, who receives them."""
