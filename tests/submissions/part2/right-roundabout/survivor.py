writer, reader, diary = name("writer"), name("reader"), name("diary")
!docker run --detach --init --name {writer} --volume {diary}:/data/ busybox sleep 600
!docker exec {writer} sh -c "echo {line} >> /data/diary.txt"
!docker rm --force {writer}
!docker create --name {reader} --label kept=yes --entrypoint cat --volume {diary}:/data:ro busybox /data/diary.txt
!docker start {reader}
!docker wait {reader}
