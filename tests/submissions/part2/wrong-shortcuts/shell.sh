docker run -i --name shell-$RUN debian:trixie-slim bash -c "whoami; pwd; echo $word > /root/word.txt; cat /root/word.txt"
docker start -ai shell-$RUN
