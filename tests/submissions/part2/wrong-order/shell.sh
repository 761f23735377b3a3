docker run -i --name shell-$RUN debian:trixie-slim bash <<< "whoami; pwd"
docker start -ai shell-$RUN <<< "echo $word > /root/word.txt; cat /root/word.txt"
