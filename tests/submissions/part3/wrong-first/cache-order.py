client.images.build(path=slow, tag=name("quick"), rm=True)
