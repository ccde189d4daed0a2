TOPIC = "news"
