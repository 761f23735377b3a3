predicted("volume-files")
shelf, first, second, books = name("shelf"), name("filled"), name("hidden"), name("books")
files = !docker run --name {first} --volume {books}:/shelf {shelf} ls /shelf
in_volume = len(files)
files = !docker run --name {second} --volume {bare}:/shelf {shelf} ls /shelf
in_bind = len(files)
compare("volume-files", in_volume)
