docker run -di --init --name shell-$RUN debian:trixie-slim sleep 600
docker exec -i shell-$RUN bash <<< "whoami; pwd; echo $word > /root/word.txt"
docker restart --time 1 shell-$RUN
docker exec shell-$RUN cat /root/word.txt
