docker run -i --name shell-$RUN debian:trixie-slim bash <<< "whoami; pwd"
echo $word > word.txt
docker cp word.txt shell-$RUN:/root/word.txt
docker start -ai shell-$RUN <<< "cat /root/word.txt"
