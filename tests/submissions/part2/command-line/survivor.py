diary, writer, reader = name("diary"), name("writer"), name("reader")
!docker volume create {diary}
!docker run --name {writer} --volume {diary}:/data busybox sh -c "echo {line} > /data/diary.txt"
!docker rm {writer}
!docker run --name {reader} --mount type=volume,source={diary},target=/data,readonly busybox cat /data/diary.txt
