client.images.get(name("handmade")).tag(name("written"))
