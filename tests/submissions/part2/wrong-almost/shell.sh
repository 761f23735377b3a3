docker run -dit --name shell-$RUN debian:trixie-slim bash
docker exec shell-$RUN sh -c "whoami; pwd; echo $word > /root/word.txt"
docker stop --time 1 shell-$RUN
docker start shell-$RUN
docker exec shell-$RUN cat /root/word.txt
