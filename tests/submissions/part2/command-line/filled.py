predicted("volume-files")
shelf, first, second, books = name("shelf"), name("filled"), name("hidden"), name("books")
!docker run --name {first} --volume {books}:/shelf {shelf} ls /shelf
files = !docker logs {first}
in_volume = len(files)
!docker run --name {second} --volume {bare}:/shelf {shelf} ls /shelf
files = !docker logs {second}
in_bind = len(files)
compare("volume-files", in_volume)
